package cx.niro.agent;

import cx.niro.agent.internal.FileKeyStore;
import cx.niro.agent.spi.KeyStore;
import cx.niro.agent.spi.StoredKeys;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The key stores that come with the SDK. */
public final class KeyStores {
  private KeyStores() {}

  /** Forgets everything when the process ends: for tests and throw-away agents. */
  public static KeyStore inMemory() {
    return new MemoryKeyStore();
  }

  /**
   * Keeps the record in {@code file}, readable and writable by its owner only. Its folder is made
   * if it is missing. A file that others may read is refused with an {@link java.io.IOException}
   * that says how to mend it.
   */
  public static KeyStore file(Path file) {
    return new FileKeyStore(file);
  }

  private static final class MemoryKeyStore implements KeyStore {
    private volatile @Nullable StoredKeys kept;

    @Override
    public Optional<StoredKeys> load() {
      return Optional.ofNullable(kept);
    }

    @Override
    public void save(StoredKeys keys) {
      kept = keys;
    }
  }
}
