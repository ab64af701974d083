package cx.niro.server.internal.outbox;

import cx.niro.core.ClusterId;
import cx.niro.core.OrganizationId;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.IncidentType;
import cx.niro.server.spi.ChannelSelector;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a selector can name: a name that nothing has would silence or tell nothing for ever, and
 * nobody would notice.
 *
 * @param types of incidents that can open here
 */
public record Targets(Set<String> types, Homes homes) {
  /** Those that open without a rule. */
  private static final List<String> OTHERS =
      List.of(
          IncidentType.ENROLLMENT_CONTESTED.name(),
          IncidentType.DEPLOYMENT_FAILED.name(),
          IncidentType.DRIFT_DETECTED.name());

  /** What the rules of this engine and the server itself can open. */
  public static Targets of(DetectionEngine engine, Homes homes) {
    Stream<String> judged = engine.rules().stream().map(rule -> rule.spec().type().name());
    return new Targets(
        Stream.concat(judged, OTHERS.stream()).collect(Collectors.toUnmodifiableSet()), homes);
  }

  /** Refuses types that no incident has, and clusters that the organization has not. */
  public void check(OrganizationId organization, ChannelSelector selector) {
    selector.types().stream()
        .filter(type -> !types.contains(type))
        .sorted()
        .findFirst()
        .ifPresent(
            type -> {
              throw ChannelRules.invalid("types: there are no incidents of type '" + type + "'");
            });
    selector.clusters().stream()
        .filter(id -> !homes.of(id).filter(organization::equals).isPresent())
        .map(ClusterId::value)
        .sorted()
        .findFirst()
        .ifPresent(
            id -> {
              throw ChannelRules.invalid("clusters: there is no cluster " + id);
            });
  }
}
