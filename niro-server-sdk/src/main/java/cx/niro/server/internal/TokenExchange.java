package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.Credential;
import cx.niro.core.EnrollAgainException;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.NiroException;
import cx.niro.core.RetryLaterException;
import cx.niro.core.SecretHash;
import cx.niro.core.Severity;
import cx.niro.core.incident.Fingerprint;
import cx.niro.core.incident.IncidentTransition.Opened;
import cx.niro.core.incident.IncidentTransition.Resolved;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Scope;
import cx.niro.core.protocol.EnrollRequest;
import cx.niro.server.spi.ClusterRow;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.KeyRow;
import cx.niro.server.spi.KeyRow.State;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.TokenRow;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One exchange within its transaction: one conditional update decides who gets the token, and a
 * refusal is a value, so that the incident it opens is written.
 */
final class TokenExchange {
  private static final int MOST_CANDIDATES = 5;

  private final Platform platform;
  private final IncidentLedger ledger;
  private final StoreTx tx;
  private final Credential token;
  private final SecretHash requestId;
  private final EnrollRequest request;
  private final boolean living;
  private final Instant now;
  private final IncidentLedger.Changes changes = IncidentLedger.Changes.none();

  /** What the exchange's transaction came to; a refusal may have written an incident. */
  record Outcome(
      @Nullable NiroException refusal,
      @Nullable Credential key,
      @Nullable ClusterRow cluster,
      IncidentLedger.Changes changes,
      List<IncidentRow> open) {}

  /**
   * What was asked for.
   *
   * @param living whether an agent of the cluster was heard lately
   */
  record Asked(
      Credential token, SecretHash requestId, EnrollRequest request, boolean living, Instant now) {}

  TokenExchange(Platform platform, IncidentLedger ledger, StoreTx tx, Asked asked) {
    this.platform = platform;
    this.ledger = ledger;
    this.tx = tx;
    this.token = asked.token();
    this.requestId = asked.requestId();
    this.request = asked.request();
    this.living = asked.living();
    this.now = asked.now();
  }

  Outcome decide() {
    Optional<TokenRow> found = tx.enrollments().findByKeyId(token.keyId());
    Optional<ClusterRow> cluster = found.flatMap(row -> tx.clusters().find(row.cluster()));
    if (found.isEmpty() || cluster.isEmpty() || !token.matches(found.get().hash())) {
      return refuse(unknown());
    }
    return found.get().usedAt() == null
        ? first(found.get(), cluster.get())
        : repeat(found.get(), cluster.get());
  }

  private Outcome first(TokenRow row, ClusterRow cluster) {
    if (!now.isBefore(row.expiresAt())) {
      return refuse(expired(row));
    }
    String uid = request.kubeSystemUid();
    Optional<ClusterRow> twin =
        uid == null
            ? Optional.empty()
            : tx.clusters()
                .findByKubeSystemUid(cluster.organization(), uid)
                .filter(other -> !other.id().equals(cluster.id()));
    if (twin.isPresent()) {
      return refuse(already("this Kubernetes cluster is enrolled as '" + twin.get().name() + "'"));
    }
    boolean working =
        tx.keys().live(cluster.id()).stream().anyMatch(key -> key.state() == State.CURRENT);
    if (working && living && !row.takeOver()) {
      return refuse(
          already(
              "the agent of '"
                  + cluster.name()
                  + "' still works; only a token made to take over may replace it"));
    }
    if (!tx.enrollments().use(row.keyId(), requestId, uid, now)) {
      return overtaken(row, cluster);
    }
    return grant(enroll(cluster));
  }

  /** Another replica has just given the token away, perhaps to this very exchange, sent twice. */
  private Outcome overtaken(TokenRow row, ClusterRow cluster) {
    return tx.enrollments()
        .findByKeyId(row.keyId())
        .filter(now -> now.usedAt() != null)
        .map(now -> repeat(now, cluster))
        .orElseGet(() -> refuse(used("the enrollment token was used by another exchange")));
  }

  private ClusterRow enroll(ClusterRow cluster) {
    ClusterRow enrolled = cluster.enrolled(request.kubeSystemUid(), now);
    tx.clusters().update(enrolled);
    tx.timeline().append(Entries.enrolled(cluster.id(), now, agentDetails()));
    Fingerprint contested = contestedFingerprint(cluster.id());
    Resolved over = new Resolved(contested, "a new exchange succeeded", now);
    ledger.resolve(tx, cluster.id(), over, changes);
    return enrolled;
  }

  private Map<String, String> agentDetails() {
    Map<String, String> details = new LinkedHashMap<>();
    put(details, "agentVersion", request.agentVersion());
    put(details, "kubernetesVersion", request.kubernetesVersion());
    put(details, "distribution", request.distribution());
    put(details, "kubeSystemUid", request.kubeSystemUid());
    return details;
  }

  /** The answer to a used token: another candidate for whoever used it, nothing for others. */
  private Outcome repeat(TokenRow row, ClusterRow cluster) {
    boolean same =
        requestId.equals(row.requestIdHash())
            && Objects.equals(row.usedByUid(), request.kubeSystemUid());
    if (!same) {
      contest(cluster);
      return refuse(used("the enrollment token was used by another exchange"));
    }
    if (!now.isBefore(row.expiresAt())) {
      return refuse(expired(row));
    }
    List<KeyRow> minted =
        tx.keys().live(cluster.id()).stream()
            .filter(key -> key.requestIdHash().equals(requestId))
            .toList();
    if (minted.isEmpty() || minted.stream().anyMatch(key -> key.state() == State.CURRENT)) {
      return refuse(used("a key of this exchange was used already, which ends its repeats"));
    }
    if (minted.size() >= MOST_CANDIDATES) {
      return refuse(
          new RetryLaterException(
              ErrorCode.TOO_MANY_REQUESTS,
              "this exchange was repeated " + MOST_CANDIDATES + " times; use one of its keys"));
    }
    return grant(cluster);
  }

  private Outcome grant(ClusterRow cluster) {
    Credential key = Credential.mint(Credential.Kind.AGENT_KEY, platform.random());
    tx.keys().insert(Candidates.row(cluster.id(), key, requestId, now));
    return new Outcome(null, key, cluster, changes, tx.incidents().openOf(cluster.id()));
  }

  private void contest(ClusterRow cluster) {
    Opened opened =
        new Opened(
            contestedFingerprint(cluster.id()),
            IncidentType.ENROLLMENT_CONTESTED,
            Scope.CLUSTER,
            Severity.MEDIUM,
            "A used enrollment token was tried by another agent",
            Map.of("agent", agentEvidence()),
            now,
            now);
    if (tx.incidents().findOpen(cluster.id(), opened.fingerprint()).isEmpty()) {
      ledger.open(tx, cluster.id(), opened, changes);
    }
  }

  private List<String> agentEvidence() {
    return agentDetails().entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList();
  }

  private Outcome refuse(NiroException refusal) {
    List<IncidentRow> open =
        changes.opened().stream()
            .findFirst()
            .map(row -> tx.incidents().openOf(row.cluster()))
            .orElse(List.of());
    return new Outcome(refusal, null, null, changes, open);
  }

  static EnrollAgainException unknown() {
    return new EnrollAgainException(ErrorCode.TOKEN_UNKNOWN, "the enrollment token is not known");
  }

  static Fingerprint contestedFingerprint(ClusterId cluster) {
    return Fingerprint.of(cluster, IncidentType.ENROLLMENT_CONTESTED, Scope.CLUSTER);
  }

  private static void put(Map<String, String> details, String name, @Nullable String value) {
    if (value != null) {
      details.put(name, value);
    }
  }

  private static InvalidRequestException used(String detail) {
    return new InvalidRequestException(ErrorCode.TOKEN_USED, detail);
  }

  private static InvalidRequestException already(String detail) {
    return new InvalidRequestException(ErrorCode.CLUSTER_ALREADY_ENROLLED, detail);
  }

  private static EnrollAgainException expired(TokenRow row) {
    return new EnrollAgainException(
        ErrorCode.TOKEN_EXPIRED, "the enrollment token expired at " + row.expiresAt());
  }
}
