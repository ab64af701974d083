package cx.niro.server.spi;

import cx.niro.core.ClusterId;
import cx.niro.core.SecretHash;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An enrollment token; only its hash is kept.
 *
 * @param keyId the token's public part, unique
 * @param takeOver whether it may enroll a cluster that has a working agent
 * @param usedAt null while unused
 * @param requestIdHash of the exchange that used it; SHA-256
 * @param usedByUid the kube-system UID of that exchange
 */
public record TokenRow(
    ClusterId cluster,
    String keyId,
    SecretHash hash,
    Instant createdAt,
    Instant expiresAt,
    boolean takeOver,
    @Nullable Instant usedAt,
    @Nullable SecretHash requestIdHash,
    @Nullable String usedByUid) {}
