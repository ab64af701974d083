package cx.niro.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.ErrorCode;
import cx.niro.core.NiroException;
import cx.niro.core.protocol.NiroCodec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BodiesTest {
  private static final byte[] OBJECT = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);

  private static NiroRequest request(InputStream body) {
    return new NiroRequest(
        "POST", "/", Map.of(), Map.of("content-type", List.of("application/json")), body);
  }

  private static void read(Bodies bodies, InputStream body) {
    bodies.read(NiroCodec.create(), request(body), Map.class, 1000);
  }

  @Test
  void a_body_that_the_budget_has_no_room_for_is_refused_as_overloaded() {
    assertThatThrownBy(() -> read(new Bodies(3), new ByteArrayInputStream(OBJECT)))
        .isInstanceOfSatisfying(
            NiroException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
  }

  @Test
  void what_a_body_took_of_the_budget_is_given_back_however_it_ends() {
    Bodies bodies = new Bodies(1000);
    byte[] garbage = "x".repeat(900).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(() -> read(bodies, new ByteArrayInputStream(garbage)))
          .isInstanceOfSatisfying(
              NiroException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_BODY));
    }

    read(bodies, new ByteArrayInputStream(OBJECT));
  }

  @Test
  void a_connection_that_breaks_is_a_malformed_body() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("reset by peer");
          }
        };

    assertThatThrownBy(() -> read(new Bodies(1000), broken))
        .hasMessage("the body could not be read to its end");
  }
}
