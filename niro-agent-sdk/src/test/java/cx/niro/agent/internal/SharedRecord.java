package cx.niro.agent.internal;

import cx.niro.agent.spi.KeyStore;
import cx.niro.agent.spi.StoredKeys;
import java.io.IOException;
import java.util.Optional;

/** A record that several agents share as pods share a Secret: who was overtaken may not write. */
final class SharedRecord {
  private StoredKeys there = StoredKeys.EMPTY;

  StoredKeys there() {
    return there;
  }

  KeyStore opened() {
    return new KeyStore() {
      private StoredKeys known = StoredKeys.EMPTY;

      @Override
      public Optional<StoredKeys> load() {
        known = there;
        return Optional.of(there);
      }

      @Override
      public void save(StoredKeys keys) throws IOException {
        if (!there.equals(known)) {
          throw new IOException("overtaken");
        }
        there = keys;
        known = keys;
      }
    };
  }
}
