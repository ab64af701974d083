package cx.niro.server.spi;

import cx.niro.core.ClusterId;
import cx.niro.core.SecretHash;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Enrollment tokens, at most one for each cluster. */
public interface EnrollmentStore {
  /** Stores a token and forgets the cluster's older one. */
  void put(TokenRow token);

  Optional<TokenRow> findByKeyId(String keyId);

  Optional<TokenRow> find(ClusterId cluster);

  /**
   * Marks the token used: conditional on nobody having done so; false, and nothing written,
   * otherwise.
   */
  boolean use(String keyId, SecretHash requestIdHash, @Nullable String kubeSystemUid, Instant now);
}
