package cx.niro.server.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import cx.niro.core.ClusterId;
import cx.niro.core.Credential;
import cx.niro.core.EnrollAgainException;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.server.AgentCaller;
import cx.niro.server.spi.KeyRow;
import cx.niro.server.spi.KeyRow.State;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who calls: keys by their public id, through a bounded cache. A revoked key stays in the cache as
 * such, and {@link RevocationWatch} marks what other replicas revoked.
 */
final class AgentKeys {
  private static final long CACHED_KEYS = 100_000;

  private final Stores stores;
  private final Platform platform;
  private final Cache<String, KeyRow> cache =
      Caffeine.newBuilder().maximumSize(CACHED_KEYS).build();

  AgentKeys(Stores stores, Platform platform) {
    this.stores = stores;
    this.platform = platform;
  }

  AgentCaller authenticate(String text) {
    Credential key = parse(text);
    KeyRow row = look(key.keyId());
    if (row == null) {
      throw unknown();
    }
    return checked(key, row);
  }

  /** Without a store: empty for a key that is not held, or not used yet. */
  Optional<AgentCaller> recognize(String text) {
    Credential key = parse(text);
    KeyRow row = cached(key.keyId());
    return row == null || row.state() == State.CANDIDATE
        ? Optional.empty()
        : Optional.of(checked(key, row));
  }

  private AgentCaller checked(Credential key, KeyRow row) {
    if (!key.matches(row.hash())) {
      throw unknown();
    }
    KeyRow current = row.state() == State.CANDIDATE ? makeCurrent(row) : row;
    if (current.state() == State.REVOKED) {
      throw LiveClusters.revoked();
    }
    return new AgentCaller(row.cluster(), row.keyId());
  }

  private static EnrollAgainException unknown() {
    return new EnrollAgainException(ErrorCode.KEY_UNKNOWN, "the agent key is not known");
  }

  private static Credential parse(String text) {
    try {
      return Credential.parse(Credential.Kind.AGENT_KEY, text);
    } catch (InvalidRequestException e) {
      throw new EnrollAgainException(
          ErrorCode.KEY_MALFORMED, "the agent key is malformed: " + e.getMessage(), e);
    }
  }

  private @Nullable KeyRow look(String keyId) {
    KeyRow known = cached(keyId);
    if (known != null) {
      return known;
    }
    Optional<KeyRow> stored = stores.inTransaction(tx -> tx.keys().findByKeyId(keyId));
    stored.ifPresent(row -> cache.asMap().putIfAbsent(keyId, row));
    return stored.orElse(null);
  }

  private record Activation(@Nullable KeyRow now, List<String> others) {}

  /** The first authenticated use of a candidate: it becomes the key, every other one dies. */
  private KeyRow makeCurrent(KeyRow candidate) {
    Instant now = platform.now();
    Activation done = stores.inTransaction(tx -> activate(tx, candidate, now));
    markRevoked(done.others());
    KeyRow row = done.now();
    if (row == null) {
      throw LiveClusters.revoked();
    }
    cache.put(row.keyId(), row);
    return row;
  }

  private static Activation activate(StoreTx tx, KeyRow candidate, Instant now) {
    List<String> others = new ArrayList<>();
    boolean rotated = false;
    for (KeyRow other : tx.keys().live(candidate.cluster())) {
      if (!other.keyId().equals(candidate.keyId())) {
        others.add(other.keyId());
        rotated |= other.state() == State.CURRENT;
      }
    }
    if (!tx.keys().makeCurrent(candidate.keyId(), now)) {
      others.clear();
    } else if (rotated) {
      tx.timeline().append(Entries.keyReplaced(candidate.cluster(), now));
    }
    return new Activation(tx.keys().findByKeyId(candidate.keyId()).orElse(null), others);
  }

  /** The cached row; null when it was pushed out of the cache meanwhile. */
  @Nullable KeyRow cached(String keyId) {
    return cache.getIfPresent(keyId);
  }

  /** A second look inside the lane: a key that died between its check and now does nothing. */
  void requireLive(AgentCaller caller) {
    if (isRevoked(caller)) {
      throw LiveClusters.revoked();
    }
  }

  boolean isRevoked(AgentCaller caller) {
    KeyRow row = cached(caller.keyId());
    return row != null && row.state() == State.REVOKED;
  }

  /** These keys are dead from now on; says which clusters they belong to, as far as known. */
  List<ClusterId> markRevoked(Collection<String> keyIds) {
    List<ClusterId> clusters = new ArrayList<>();
    for (String keyId : keyIds) {
      KeyRow changed = cache.asMap().computeIfPresent(keyId, (id, row) -> revoked(row));
      if (changed != null) {
        clusters.add(changed.cluster());
      }
    }
    return clusters;
  }

  private static KeyRow revoked(KeyRow row) {
    return row.state() == State.REVOKED
        ? row
        : new KeyRow(
            row.cluster(),
            row.keyId(),
            row.hash(),
            State.REVOKED,
            row.requestIdHash(),
            row.createdAt(),
            row.changedAt());
  }
}
