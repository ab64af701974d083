package cx.niro.agent.internal;

import cx.niro.agent.spi.KeyStore;
import cx.niro.agent.spi.StoredKeys;
import cx.niro.core.ClusterId;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's keys: the stored record and which of its keys is in use. Confined to the heartbeat
 * lane; only {@link #active} may be read from elsewhere.
 */
final class KeyRing {
  private static final Logger log = LoggerFactory.getLogger(KeyRing.class);

  private final KeyStore store;
  private final Set<String> refused = new HashSet<>();

  /** What the store was last known to hold; another agent of this cluster may write there too. */
  private StoredKeys inStore = StoredKeys.EMPTY;

  /** The same, or a step ahead while that could not be saved. */
  private StoredKeys stored = StoredKeys.EMPTY;

  private boolean saved = true;
  private boolean spent;
  private volatile @Nullable String active;

  KeyRing(KeyStore store) {
    this.store = store;
  }

  /** The key to send; null before there is one. From any thread. */
  @Nullable String active() {
    return active;
  }

  StoredKeys stored() {
    return stored;
  }

  void load() throws IOException {
    is(store.load().orElse(StoredKeys.EMPTY));
    active = KeySteps.usable(stored).stream().findFirst().orElse(null);
  }

  private void is(StoredKeys there) {
    inStore = there;
    stored = there;
    saved = true;
  }

  /**
   * Stores {@code next}. Where that fails because another agent wrote first, what it wrote counts
   * from now on.
   */
  void save(StoredKeys next) throws IOException {
    try {
      store.save(next);
      is(next);
    } catch (IOException | RuntimeException e) {
      takeOver();
      throw e;
    }
  }

  private void takeOver() {
    try {
      StoredKeys there = store.load().orElse(StoredKeys.EMPTY);
      if (!there.equals(inStore)) {
        is(there);
      }
    } catch (IOException | RuntimeException e) {
      log.warn("The stored keys could not be read again", e);
    }
  }

  /** Stores {@code key} and takes it into use. */
  void received(String key, @Nullable ClusterId cluster) throws IOException {
    save(KeySteps.received(stored, key, cluster));
    active = key;
  }

  /**
   * {@code key} was accepted. True when it is the first time for a key from a token. What cannot be
   * saved now is saved after a later beat: until then the store holds the key as a candidate.
   */
  boolean worked(String key) {
    refused.clear();
    StoredKeys next = KeySteps.worked(stored, key);
    boolean first = stored.current() == null && key.equals(stored.candidate());
    if (saved && next.equals(stored)) {
      return false;
    }
    spent |= first;
    try {
      save(next);
      if (spent) {
        store.tokenSpent();
      }
      spent = false;
    } catch (IOException | RuntimeException e) {
      stored = KeySteps.worked(stored, key);
      saved = false;
      log.warn("The key works but could not be saved as such; it will be tried again", e);
    }
    return first;
  }

  /**
   * {@code key} was refused: another one of those that are stored now and were not refused since
   * the last success, taken into use.
   */
  Optional<String> nextAfter(String key) {
    refused.add(key);
    takeOver();
    Optional<String> next =
        KeySteps.usable(stored).stream().filter(other -> !refused.contains(other)).findFirst();
    next.ifPresent(other -> active = other);
    return next;
  }

  /** Reads the store again and begins anew with its first key: each may be tried once more. */
  void startOver() throws IOException {
    refused.clear();
    load();
  }
}
