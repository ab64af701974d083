package cx.niro.server.spi;

import cx.niro.core.ClusterId;
import cx.niro.core.SecretHash;
import java.time.Instant;

/**
 * An agent key; only its hash is kept.
 *
 * @param requestIdHash of the exchange that minted it; candidates of one exchange share it
 * @param changedAt when it got its state
 */
public record KeyRow(
    ClusterId cluster,
    String keyId,
    SecretHash hash,
    State state,
    SecretHash requestIdHash,
    Instant createdAt,
    Instant changedAt) {

  /**
   * All candidates of an exchange work until one is used; that one is current, everything else
   * revoked.
   */
  public enum State {
    CANDIDATE,
    CURRENT,
    REVOKED
  }
}
