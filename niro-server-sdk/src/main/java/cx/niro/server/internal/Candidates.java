package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.Credential;
import cx.niro.core.ErrorCode;
import cx.niro.core.RetryLaterException;
import cx.niro.core.SecretHash;
import cx.niro.core.protocol.KeyReply;
import cx.niro.core.protocol.KeyRequest;
import cx.niro.server.spi.KeyRow;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import java.time.Duration;
import java.time.Instant;

/** Candidate keys for a rotation, by the same rule as those of an enrollment. */
final class Candidates {
  private static final int MOST_OF_ONE_REQUEST = 5;
  private static final int MOST = 20;

  /**
   * A candidate lives so long when others are asked for: answers that were lost, or that a restored
   * database still holds, must not keep an agent from its next key for ever.
   */
  private static final Duration LIFETIME = Duration.ofHours(1);

  private final Stores stores;
  private final Platform platform;

  Candidates(Stores stores, Platform platform) {
    this.stores = stores;
    this.platform = platform;
  }

  KeyReply mint(ClusterId cluster, KeyRequest request) {
    Enrollment.checkRequestId(request.requestId());
    Credential key = Credential.mint(Credential.Kind.AGENT_KEY, platform.random());
    SecretHash requestId = SecretHash.of(request.requestId());
    Instant now = platform.now();
    boolean minted = stores.inTransaction(tx -> insert(tx, row(cluster, key, requestId, now)));
    if (!minted) {
      throw new RetryLaterException(
          ErrorCode.TOO_MANY_REQUESTS,
          "at most "
              + MOST_OF_ONE_REQUEST
              + " unused keys for one requestId and "
              + MOST
              + " in all; use one of them, or ask again when they are "
              + LIFETIME.toMinutes()
              + " minutes old");
    }
    return new KeyReply(key.secretText());
  }

  private static boolean insert(StoreTx tx, KeyRow candidate) {
    Instant now = candidate.createdAt();
    tx.keys().revokeCandidates(candidate.cluster(), now.minus(LIFETIME), now);
    var live = tx.keys().live(candidate.cluster());
    long same =
        live.stream().filter(key -> key.requestIdHash().equals(candidate.requestIdHash())).count();
    if (same >= MOST_OF_ONE_REQUEST || live.size() > MOST) {
      return false;
    }
    tx.keys().insert(candidate);
    return true;
  }

  static KeyRow row(ClusterId cluster, Credential key, SecretHash requestId, Instant now) {
    return new KeyRow(
        cluster, key.keyId(), key.hash(), KeyRow.State.CANDIDATE, requestId, now, now);
  }
}
