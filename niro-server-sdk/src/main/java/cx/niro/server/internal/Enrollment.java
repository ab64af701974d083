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
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Scope;
import cx.niro.core.protocol.EnrollReply;
import cx.niro.core.protocol.EnrollRequest;
import cx.niro.core.protocol.Protocol;
import cx.niro.server.ServerOptions;
import cx.niro.server.spi.ClusterRow;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.KeyRow;
import cx.niro.server.spi.KeyRow.State;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import cx.niro.server.spi.TokenRow;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Exchanges a single-use token for candidate keys: one conditional update decides who gets it. */
final class Enrollment {
  private static final int MOST_CANDIDATES = 5;
  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{22,128}");
  private static final int LONGEST_UID = 128;

  private final Stores stores;
  private final ServerOptions options;
  private final Platform platform;
  private final LiveClusters clusters;
  private final Sessions sessions;
  private final IncidentLedger ledger;

  Enrollment(
      Stores stores,
      ServerOptions options,
      Platform platform,
      LiveClusters clusters,
      Sessions sessions,
      IncidentLedger ledger) {
    this.stores = stores;
    this.options = options;
    this.platform = platform;
    this.clusters = clusters;
    this.sessions = sessions;
    this.ledger = ledger;
  }

  /** What the exchange's transaction came to; a refusal may have written an incident. */
  private record Outcome(
      @Nullable NiroException refusal,
      @Nullable Credential key,
      @Nullable ClusterRow cluster,
      IncidentLedger.Changes changes,
      List<IncidentRow> open) {}

  EnrollReply exchange(EnrollRequest request) {
    Credential token = Credential.parse(Credential.Kind.ENROLLMENT_TOKEN, request.token());
    check(request);
    TokenRow row =
        stores
            .inTransaction(tx -> tx.enrollments().findByKeyId(token.keyId()))
            .filter(found -> token.matches(found.hash()))
            .orElseThrow(Enrollment::unknown);
    LiveCluster live = clusters.find(row.cluster()).orElseThrow(Enrollment::unknown);
    Outcome outcome = clusters.inLane(live, () -> exchange(live, token, request));
    NiroException refusal = outcome.refusal();
    if (refusal != null) {
      throw refusal;
    }
    String key = Objects.requireNonNull(outcome.key()).secretText();
    return new EnrollReply(live.id, key, options.agentSettings(), platform.now().toEpochMilli());
  }

  private static EnrollAgainException unknown() {
    return new EnrollAgainException(ErrorCode.TOKEN_UNKNOWN, "the enrollment token is not known");
  }

  static void checkRequestId(String requestId) {
    if (!REQUEST_ID.matcher(requestId).matches()) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_FIELD,
          "requestId must be 22 to 128 characters of A-Z a-z 0-9 . _ - but had "
              + requestId.length());
    }
  }

  private static void check(EnrollRequest request) {
    checkRequestId(request.requestId());
    String uid = request.kubeSystemUid();
    if (uid != null && (uid.isBlank() || uid.length() > LONGEST_UID)) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_FIELD,
          "kubeSystemUid must have 1 to " + LONGEST_UID + " characters but had " + uid.length());
    }
    List<Integer> versions = request.protocolVersions();
    if (!versions.isEmpty() && !versions.contains(Protocol.VERSION)) {
      throw new InvalidRequestException(
          ErrorCode.PROTOCOL_UNSUPPORTED,
          "protocolVersions " + versions + " do not include " + Protocol.VERSION);
    }
  }

  private Outcome exchange(LiveCluster live, Credential token, EnrollRequest request) {
    Instant now = platform.now();
    boolean living = isLiving(live.state(), now);
    SecretHash requestId = SecretHash.of(request.requestId());
    Outcome outcome =
        stores.inTransaction(
            tx -> new Exchange(tx, now, token, requestId, request, living).decide());
    ClusterRow row = outcome.cluster();
    if (row != null) {
      live.become(live.state().with(row));
    }
    if (!outcome.changes().isEmpty()) {
      live.become(live.state().with(outcome.open()));
      sessions.announce(live, outcome.changes());
    }
    return outcome;
  }

  /** Whether an agent of this cluster was heard so lately that it is not offline. */
  private boolean isLiving(ClusterState state, Instant now) {
    Instant lastBeat = state.hearing().lastBeatAt();
    if (lastBeat == null) {
      return false;
    }
    var window = state.offlineAfter(options);
    Instant silentSince = Grace.silentSince(lastBeat, clusters.listening().since(), window);
    return silentSince.plus(window).isAfter(now);
  }

  /** One exchange within its transaction. */
  private final class Exchange {
    private final StoreTx tx;
    private final Instant now;
    private final Credential token;
    private final SecretHash requestId;
    private final EnrollRequest request;
    private final boolean living;
    private final IncidentLedger.Changes changes = IncidentLedger.Changes.none();

    Exchange(
        StoreTx tx,
        Instant now,
        Credential token,
        SecretHash requestId,
        EnrollRequest request,
        boolean living) {
      this.tx = tx;
      this.now = now;
      this.token = token;
      this.requestId = requestId;
      this.request = request;
      this.living = living;
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
        return refuse(
            already("this Kubernetes cluster is enrolled as '" + twin.get().name() + "'"));
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
        return refuse(used("the enrollment token was used just now by another exchange"));
      }
      return grant(enroll(cluster));
    }

    private ClusterRow enroll(ClusterRow cluster) {
      ClusterRow enrolled = cluster.enrolled(request.kubeSystemUid(), now);
      tx.clusters().update(enrolled);
      tx.timeline().append(Entries.enrolled(cluster.id(), now, agentDetails()));
      Fingerprint contested = contestedFingerprint(cluster.id());
      ledger.resolve(tx, cluster.id(), contested, "a new exchange succeeded", now, changes);
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
