package cx.niro.agent.internal;

import cx.niro.agent.spi.KeyStore;
import cx.niro.agent.spi.StoredKeys;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * An agent process that dies at its n-th moment: right before or after a record is stored, before a
 * call arrives or before its answer does. Nothing that it does later has any effect.
 */
final class Life {
  private int momentsLeft;

  Life(int moments) {
    momentsLeft = moments;
  }

  boolean isOver() {
    return momentsLeft <= 0;
  }

  private boolean goesOn() {
    momentsLeft--;
    return momentsLeft > 0;
  }

  private void orDies() throws IOException {
    if (!goesOn()) {
      throw new IOException("the process is dead");
    }
  }

  KeyStore mortal(KeyStore store) {
    return new KeyStore() {
      @Override
      public Optional<StoredKeys> load() throws IOException {
        return store.load();
      }

      @Override
      public void save(StoredKeys keys) throws IOException {
        orDies();
        store.save(keys);
        orDies();
      }
    };
  }

  Transport mortal(Transport transport) {
    return new Transport() {
      @Override
      public CompletionStage<Answer> send(Call call) {
        if (!goesOn()) {
          return new CompletableFuture<>();
        }
        CompletionStage<Answer> answer = transport.send(call);
        return call.parks() || goesOn() ? answer : new CompletableFuture<>();
      }

      @Override
      public void rebuild() {
        transport.rebuild();
      }

      @Override
      public void close() {
        transport.close();
      }
    };
  }
}
