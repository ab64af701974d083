package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.policy.Exemption;
import cx.niro.core.policy.PolicyId;
import cx.niro.server.Policies;
import cx.niro.server.spi.FindingFilter;
import cx.niro.server.spi.FindingRow;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.PolicySettings;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import cx.niro.server.spi.TimelineEntry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The users' side of policies. */
final class PolicyDesk implements Policies {
  private static final int NAME_CHARS = 253;

  private final Stores stores;
  private final Platform platform;
  private final LiveClusters clusters;
  private final PolicyWatch watch;
  private final Set<PolicyId> rules;

  PolicyDesk(Stores stores, Platform platform, LiveClusters clusters, PolicyWatch watch) {
    this.stores = stores;
    this.platform = platform;
    this.clusters = clusters;
    this.watch = watch;
    this.rules =
        watch.engine().rules().stream().map(rule -> rule.spec().id()).collect(Collectors.toSet());
  }

  @Override
  public Page<FindingRow> findings(
      Set<ClusterId> clusters, FindingFilter filter, Page.Request page) {
    return stores.inTransaction(tx -> tx.findings().list(clusters, filter, page));
  }

  @Override
  public PolicySettings settings(ClusterId cluster) {
    clusters.get(cluster);
    return stores
        .inTransaction(tx -> tx.findings().settings(cluster))
        .orElse(PolicySettings.DEFAULT);
  }

  @Override
  public PolicySettings update(ClusterId cluster, Said said, String actor) {
    check(said);
    LiveCluster live = clusters.get(cluster);
    return clusters.inLaneForUser(
        live,
        () -> {
          PolicySettings next = stores.inTransaction(tx -> update(tx, cluster, said, actor));
          ClusterState state = live.state();
          live.become(state.with(state.policies().with(next)));
          watch.lookAgain(live, platform.now());
          return next;
        });
  }

  private PolicySettings update(StoreTx tx, ClusterId cluster, Said said, String actor) {
    Instant now = platform.now().truncatedTo(ChronoUnit.MILLIS);
    PolicySettings before = tx.findings().settings(cluster).orElse(PolicySettings.DEFAULT);
    Map<Exemption, PolicySettings.Given> known = new LinkedHashMap<>();
    before.exemptions().forEach(given -> known.put(given.exemption(), given));
    List<PolicySettings.Given> given =
        said.exemptions().stream()
            .distinct()
            .map(one -> known.getOrDefault(one, new PolicySettings.Given(one, actor, now)))
            .toList();
    PolicySettings after = new PolicySettings(said.profile(), said.namespaceProfiles(), given);
    if (!after.equals(before)) {
      tx.findings().save(cluster, after);
      tx.timeline().append(entry(cluster, before, after, actor, now));
    }
    return after;
  }

  private static TimelineEntry entry(
      ClusterId cluster, PolicySettings before, PolicySettings after, String actor, Instant now) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("actor", actor);
    if (before.profile() != after.profile()) {
      details.put("profile", before.profile().wireName() + " → " + after.profile().wireName());
    }
    if (!before.namespaceProfiles().equals(after.namespaceProfiles())) {
      details.put("namespaceProfiles", clipped(new TreeMap<>(after.namespaceProfiles())));
    }
    List<String> gone = reasons(before, after);
    List<String> came = reasons(after, before);
    if (!gone.isEmpty()) {
      details.put("exemptionsRemoved", clipped(gone));
    }
    if (!came.isEmpty()) {
      details.put("exemptionsAdded", clipped(came));
    }
    return new TimelineEntry(
        cluster, now, "settings_changed", "Policies were changed by " + actor, details);
  }

  private static String clipped(Object value) {
    String text = String.valueOf(value);
    return text.length() <= 1000 ? text : text.substring(0, 1000) + "…";
  }

  private static List<String> reasons(PolicySettings of, PolicySettings without) {
    return of.exemptions().stream()
        .filter(given -> !without.exemptions().contains(given))
        .map(given -> given.exemption().reason())
        .toList();
  }

  private void check(Said said) {
    checkSize("namespaceProfiles", said.namespaceProfiles().size());
    said.namespaceProfiles().keySet().forEach(name -> checkName("namespaceProfiles", name));
    checkSize("exemptions", said.exemptions().size());
    for (Exemption one : said.exemptions()) {
      if (one.namespace() == null
          && one.workload() == null
          && one.label() == null
          && one.rules().isEmpty()) {
        throw invalid("exemptions need a namespace, a workload, a label or rules");
      }
      checkName("exemptions.namespace", one.namespace());
      checkName("exemptions.workload", one.workload());
      checkName("exemptions.label", one.label());
      if (one.reason().length() > REASON_CHARS) {
        throw invalid("exemptions.reason must have at most " + REASON_CHARS + " characters");
      }
      one.rules().stream()
          .filter(rule -> !rules.contains(rule))
          .findFirst()
          .ifPresent(
              rule -> {
                throw invalid("exemptions.rules: there is no policy " + rule);
              });
    }
  }

  private static void checkSize(String field, int size) {
    if (size > MOST) {
      throw invalid(field + " must be at most " + MOST + ", but are " + size);
    }
  }

  private static void checkName(String field, @Nullable String name) {
    if (name != null && (name.isBlank() || name.length() > NAME_CHARS)) {
      throw invalid(field + " must have 1 to " + NAME_CHARS + " characters");
    }
  }

  private static InvalidRequestException invalid(String detail) {
    return new InvalidRequestException(ErrorCode.INVALID_FIELD, detail);
  }
}
