package cx.niro.server.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.lang.reflect.Proxy;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PieceWriterTest {
  private static final byte[] PIECE = new byte[230];

  private final ExecutorService container = Executors.newSingleThreadExecutor();

  @AfterEach
  void stop() {
    container.shutdownNow();
  }

  /** The container says "go on" at any moment between the first piece and the end. */
  @Test
  void a_response_ends_after_its_last_piece_whoever_is_writing_then() throws Exception {
    for (int round = 0; round < 20_000; round++) {
      Out out = new Out();
      PieceWriter pieces = new PieceWriter(out.async(), out, false);
      pieces.begin();
      AtomicInteger ready = new AtomicInteger();
      Future<?> told =
          container.submit(
              () -> {
                meet(ready);
                pieces.onWritePossible();
              });
      meet(ready);
      pieces.write(PIECE);
      pieces.close();
      told.get();
      assertThat(out.writtenAtTheEnd).as("bytes in round %d", round).isEqualTo(PIECE.length);
    }
  }

  private static void meet(AtomicInteger ready) {
    ready.incrementAndGet();
    while (ready.get() < 2) {
      Thread.onSpinWait();
    }
  }

  /** A connection that takes everything at once. */
  private static final class Out extends ServletOutputStream {
    private int written;
    private volatile int writtenAtTheEnd = -1;

    AsyncContext async() {
      return (AsyncContext)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {AsyncContext.class},
              (proxy, method, arguments) -> {
                assertThat(method.getName()).isEqualTo("complete");
                writtenAtTheEnd = written;
                return null;
              });
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {}

    @Override
    public void write(int b) {
      written++;
    }
  }
}
