package cx.niro.server.memory;

import cx.niro.core.ClusterId;
import cx.niro.core.SecretHash;
import cx.niro.server.spi.EnrollmentStore;
import cx.niro.server.spi.TokenRow;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class MemoryEnrollments implements EnrollmentStore {
  private final MemoryClusters clusters;
  private final JournaledMap<ClusterId, TokenRow, Map<ClusterId, TokenRow>> tokens;
  private final JournaledMap<String, ClusterId, Map<String, ClusterId>> byKeyId;

  MemoryEnrollments(Journal journal, MemoryClusters clusters) {
    this.clusters = clusters;
    tokens = new JournaledMap<>(journal, new HashMap<>());
    byKeyId = new JournaledMap<>(journal, new HashMap<>());
  }

  @Override
  public void put(TokenRow token) {
    if (clusters.has(token.cluster())) {
      forget(token.cluster());
      tokens.put(token.cluster(), token);
      byKeyId.put(token.keyId(), token.cluster());
    }
  }

  @Override
  public Optional<TokenRow> findByKeyId(String keyId) {
    return Optional.ofNullable(byKeyId.get(keyId)).flatMap(this::find);
  }

  @Override
  public Optional<TokenRow> find(ClusterId cluster) {
    return Optional.ofNullable(tokens.get(cluster));
  }

  @Override
  public boolean use(
      String keyId, SecretHash requestIdHash, @Nullable String kubeSystemUid, Instant now) {
    Optional<TokenRow> unused = findByKeyId(keyId).filter(token -> token.usedAt() == null);
    unused.ifPresent(
        token ->
            tokens.put(
                token.cluster(),
                new TokenRow(
                    token.cluster(),
                    keyId,
                    token.hash(),
                    token.createdAt(),
                    token.expiresAt(),
                    token.takeOver(),
                    now,
                    requestIdHash,
                    kubeSystemUid)));
    return unused.isPresent();
  }

  void forget(ClusterId cluster) {
    TokenRow old = tokens.remove(cluster);
    if (old != null) {
      byKeyId.remove(old.keyId());
    }
  }
}
