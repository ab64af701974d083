package cx.niro.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.app.server.ServerSettings;
import cx.niro.app.server.WebServer;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineTest {

  @ParameterizedTest(name = "HTTP/{0}")
  @ValueSource(ints = {1, 2})
  void bodies_of_all_sizes_are_answered_one_after_the_other(int http) throws IOException {
    try (WebServer web = new WebServer(settings(), new FloorHandler())) {
      web.start();
      try (Line line = Line.open(web.address(), http)) {
        for (int size : new int[] {1, 269, 16_384, 16_385, 65_536, 1_000_000, 3_000_000}) {
          Beat.Body body = new Beat.Body(new byte[size], true, size);
          Line.Answer answer = line.post(FloorHandler.EMPTY, "niro_ak_key", body);
          assertThat(answer.status()).as("%d bytes", size).isEqualTo(200);
          assertThat(answer.body()).as("%d bytes", size).hasSizeBetween(100, 150);
        }
      }
    }
  }

  private static ServerSettings settings() {
    return new ServerSettings(
        "127.0.0.1",
        0,
        null,
        null,
        null,
        new ServerSettings.Windows(
            Duration.ofSeconds(15), Duration.ofSeconds(65), Duration.ofSeconds(150)),
        null,
        Duration.ZERO);
  }
}
