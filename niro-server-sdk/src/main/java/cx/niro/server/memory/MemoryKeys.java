package cx.niro.server.memory;

import cx.niro.core.ClusterId;
import cx.niro.server.spi.AgentKeyStore;
import cx.niro.server.spi.KeyRow;
import cx.niro.server.spi.KeyRow.State;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

final class MemoryKeys implements AgentKeyStore {
  private record Revoked(Instant at, String keyId) implements Comparable<Revoked> {
    private static final Comparator<Revoked> ORDER =
        Comparator.comparing(Revoked::at).thenComparing(Revoked::keyId);

    @Override
    public int compareTo(Revoked other) {
      return ORDER.compare(this, other);
    }
  }

  private final JournaledMap<String, KeyRow, Map<String, KeyRow>> keys;
  private final JournaledMap<ClusterId, List<String>, Map<ClusterId, List<String>>> liveIds;
  private final JournaledMap<Revoked, String, NavigableMap<Revoked, String>> revoked;

  MemoryKeys(Journal journal) {
    keys = new JournaledMap<>(journal, new LinkedHashMap<>());
    liveIds = new JournaledMap<>(journal, new HashMap<>());
    revoked = new JournaledMap<>(journal, new TreeMap<>());
  }

  @Override
  public void insert(KeyRow candidate) {
    keys.put(candidate.keyId(), candidate);
    List<String> others = liveIds.view().getOrDefault(candidate.cluster(), List.of());
    liveIds.put(
        candidate.cluster(), Stream.concat(others.stream(), Stream.of(candidate.keyId())).toList());
  }

  @Override
  public Optional<KeyRow> findByKeyId(String keyId) {
    return Optional.ofNullable(keys.get(keyId));
  }

  @Override
  public List<KeyRow> live(ClusterId cluster) {
    return liveIds.view().getOrDefault(cluster, List.of()).stream()
        .flatMap(id -> findByKeyId(id).stream())
        .toList();
  }

  @Override
  public boolean makeCurrent(String keyId, Instant now) {
    Optional<KeyRow> candidate = findByKeyId(keyId).filter(key -> key.state() == State.CANDIDATE);
    candidate.ifPresent(
        key -> {
          revokeAll(key.cluster(), now);
          revoked.remove(new Revoked(now, keyId));
          keys.put(keyId, inState(key, State.CURRENT, now));
          liveIds.put(key.cluster(), List.of(keyId));
        });
    return candidate.isPresent();
  }

  @Override
  public void revokeCandidates(ClusterId cluster, Instant madeBefore, Instant now) {
    for (KeyRow key : live(cluster)) {
      if (key.state() == State.CANDIDATE && key.createdAt().isBefore(madeBefore)) {
        revoke(key, now);
      }
    }
  }

  @Override
  public void revokeAll(ClusterId cluster, Instant now) {
    live(cluster).forEach(key -> revoke(key, now));
  }

  private void revoke(KeyRow key, Instant now) {
    keys.put(key.keyId(), inState(key, State.REVOKED, now));
    revoked.put(new Revoked(now, key.keyId()), key.keyId());
    List<String> left =
        liveIds.view().getOrDefault(key.cluster(), List.of()).stream()
            .filter(id -> !id.equals(key.keyId()))
            .toList();
    if (left.isEmpty()) {
      liveIds.remove(key.cluster());
    } else {
      liveIds.put(key.cluster(), left);
    }
  }

  private static KeyRow inState(KeyRow key, State state, Instant now) {
    return new KeyRow(
        key.cluster(), key.keyId(), key.hash(), state, key.requestIdHash(), key.createdAt(), now);
  }

  @Override
  public List<String> revokedSince(Instant since) {
    return List.copyOf(revoked.view().tailMap(new Revoked(since, ""), true).values());
  }

  int deleteRevokedBefore(Instant before, int limit) {
    List<Revoked> old =
        revoked.view().headMap(new Revoked(before, "")).keySet().stream().limit(limit).toList();
    for (Revoked key : old) {
      revoked.remove(key);
      keys.remove(key.keyId());
    }
    return old.size();
  }
}
