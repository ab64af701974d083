package cx.niro.server.testkit;

import cx.niro.core.BootId;
import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.Environment;
import cx.niro.core.IncidentId;
import cx.niro.core.OrganizationId;
import cx.niro.core.SecretHash;
import cx.niro.core.Severity;
import cx.niro.core.SilenceId;
import cx.niro.core.incident.Fingerprint;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Symptom;
import cx.niro.core.policy.Finding;
import cx.niro.core.policy.PolicyId;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.RawJson;
import cx.niro.server.spi.ChannelSelector;
import cx.niro.server.spi.ClusterRow;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.FindingRow;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.InventoryDelta;
import cx.niro.server.spi.InventoryRow;
import cx.niro.server.spi.KeyRow;
import cx.niro.server.spi.SessionRow;
import cx.niro.server.spi.SilenceRow;
import cx.niro.server.spi.TimelineEntry;
import cx.niro.server.spi.TokenRow;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rows for the contracts, with just what each test is about left open. */
final class StoreRows {
  static final Instant T0 = Instant.parse("2026-01-05T08:00:00Z");
  static final OrganizationId ACME = new OrganizationId("acme");
  static final SecretHash SECRET = SecretHash.of("a secret");
  static final SecretHash REQUEST = SecretHash.of("a request id");

  private StoreRows() {}

  static ClusterRow cluster(String id) {
    return cluster(id, ACME, id + " name", null);
  }

  static ClusterRow cluster(
      String id, OrganizationId organization, String name, @Nullable String uid) {
    return new ClusterRow(
        new ClusterId(id),
        organization,
        name,
        Environment.STAGING,
        Map.of("site", "north", "größe", "μ–\"'\\ 😀"),
        90,
        null,
        uid,
        uid == null ? null : T0.plusSeconds(1),
        null,
        T0);
  }

  static TokenRow token(ClusterId cluster, String keyId) {
    Instant end = T0.plus(Duration.ofHours(1));
    return new TokenRow(cluster, keyId, SECRET, T0, end, true, null, null, null);
  }

  static KeyRow key(ClusterId cluster, String keyId) {
    return new KeyRow(cluster, keyId, SECRET, KeyRow.State.CANDIDATE, REQUEST, T0, T0);
  }

  static SessionRow session(ClusterId cluster, long generation, long sequence, long version) {
    return new SessionRow(
        cluster,
        new BootId("boot-" + generation),
        generation,
        sequence,
        T0.plusSeconds(1),
        T0.plusSeconds(2),
        "node drain",
        "state text \u0001 ä " + sequence,
        T0.plusSeconds(3),
        version);
  }

  static CommandRow command(ClusterId cluster, String id) {
    return command(cluster, id, null);
  }

  static CommandRow command(ClusterId cluster, String id, @Nullable String idempotencyKey) {
    return new CommandRow(
        new CommandId(id),
        cluster,
        new CommandRow.Request(
            "acme.reboot",
            CommandRow.Payload.of(new RawJson("{\"node\":\"ä😀\"}")),
            "shop",
            idempotencyKey,
            true,
            "ada",
            T0,
            T0.plusSeconds(300)),
        CommandState.PENDING,
        0,
        null,
        false,
        null,
        null,
        null,
        null);
  }

  static CommandRow inState(CommandRow row, CommandState state, int attempt, long leaseSeconds) {
    boolean offered = state != CommandState.PENDING;
    return new CommandRow(
        row.id(),
        row.cluster(),
        row.request(),
        state,
        attempt,
        offered
            ? new CommandRow.Offer(new BootId("boot-1"), T0, T0.plusSeconds(leaseSeconds))
            : null,
        row.cancelRequested(),
        "because",
        state.isFinal() ? new RawJson("[1]") : null,
        null,
        state.isFinal() ? T0.plusSeconds(9) : null);
  }

  static IncidentRow incident(ClusterId cluster, String id, String node) {
    return incident(cluster, id, node, Severity.HIGH, -60);
  }

  static IncidentRow incident(
      ClusterId cluster, String id, String node, Severity severity, long sinceSecond) {
    Scope scope = Scope.node(node);
    return new IncidentRow(
        new IncidentId(id),
        cluster,
        new IncidentRow.What(
            Fingerprint.of(cluster, IncidentType.NODE_NOT_READY, scope),
            IncidentType.NODE_NOT_READY,
            scope),
        new IncidentRow.Telling(
            severity, "Node " + node + " is not ready", Map.of("nodes", List.of(node, "ö"))),
        new IncidentRow.Began(T0.plusSeconds(sinceSecond), T0),
        null,
        IncidentRow.Attention.NONE);
  }

  static IncidentRow resolved(IncidentRow row) {
    String summary = row.telling().summary() + " any more";
    return row.with(new IncidentRow.Telling(Severity.LOW, summary, Map.of()))
        .with(new IncidentRow.Resolved(T0.plusSeconds(60), "cleared"));
  }

  static FindingRow finding(
      ClusterId cluster, String rule, String namespace, Severity severity, long sinceSecond) {
    Symptom symptom =
        new Symptom(severity, "Wrong with ä", Map.of("containers", List.of("app", "ö")));
    Finding finding =
        new Finding(
            new PolicyId(rule), Scope.workload(namespace, "Deployment", "web"), symptom, "Mend it");
    return new FindingRow(
        cluster, finding.fingerprint(cluster), finding, T0.plusSeconds(sinceSecond), null);
  }

  static SilenceRow silence(String id, long fromSecond, long toSecond) {
    return silence(id, ACME, fromSecond, toSecond);
  }

  static SilenceRow silence(
      String id, OrganizationId organization, long fromSecond, long toSecond) {
    ChannelSelector selector =
        new ChannelSelector(
            Set.of(new ClusterId("edge"), new ClusterId("gone")),
            Set.of(Environment.STAGING),
            Map.of("größe", "μ"),
            Set.of("node_not_ready"));
    return new SilenceRow(
        new SilenceId(id),
        organization,
        selector,
        "node/ä",
        T0.plusSeconds(fromSecond),
        T0.plusSeconds(toSecond),
        new SilenceRow.Origin("ada", T0, "new disks – 😀"));
  }

  static TimelineEntry entry(ClusterId cluster, long second, String kind) {
    return new TimelineEntry(
        cluster, T0.plusSeconds(second), kind, kind + " at " + second, Map.of("n", "" + second));
  }

  static InventoryRow inventory(ClusterId cluster, long generation, long revision) {
    String body = generation + "/" + revision;
    return new InventoryRow(
        cluster,
        new BootId("boot-" + generation),
        generation,
        revision,
        T0,
        1,
        body.getBytes(StandardCharsets.UTF_8));
  }

  static InventoryDelta delta(ClusterId cluster, long generation, long revision) {
    byte[] body = ("to " + revision).getBytes(StandardCharsets.UTF_8);
    return new InventoryDelta(cluster, generation, revision - 1, revision, T0, 1, body);
  }
}
