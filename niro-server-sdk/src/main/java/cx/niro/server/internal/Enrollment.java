package cx.niro.server.internal;

import cx.niro.core.Credential;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.NiroException;
import cx.niro.core.SecretHash;
import cx.niro.core.protocol.EnrollReply;
import cx.niro.core.protocol.EnrollRequest;
import cx.niro.core.protocol.Protocol;
import cx.niro.server.ServerOptions;
import cx.niro.server.spi.ClusterRow;
import cx.niro.server.spi.Stores;
import cx.niro.server.spi.TokenRow;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** Exchanges tokens for candidate keys; {@link TokenExchange} decides. */
final class Enrollment {
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

  EnrollReply exchange(EnrollRequest request) {
    Credential token = Credential.parse(Credential.Kind.ENROLLMENT_TOKEN, request.token());
    check(request);
    TokenRow row =
        stores
            .inTransaction(tx -> tx.enrollments().findByKeyId(token.keyId()))
            .filter(found -> token.matches(found.hash()))
            .orElseThrow(TokenExchange::unknown);
    LiveCluster live = clusters.find(row.cluster()).orElseThrow(TokenExchange::unknown);
    TokenExchange.Outcome outcome = clusters.inLane(live, () -> exchange(live, token, request));
    NiroException refusal = outcome.refusal();
    if (refusal != null) {
      throw refusal;
    }
    String key = Objects.requireNonNull(outcome.key()).secretText();
    return new EnrollReply(live.id, key, options.agentSettings(), platform.now().toEpochMilli());
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

  private TokenExchange.Outcome exchange(
      LiveCluster live, Credential token, EnrollRequest request) {
    Instant now = platform.now();
    boolean living = isLiving(live.state(), now);
    var asked =
        new TokenExchange.Asked(token, SecretHash.of(request.requestId()), request, living, now);
    TokenExchange.Outcome outcome =
        stores.inTransaction(tx -> new TokenExchange(platform, ledger, tx, asked).decide());
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
}
