package cx.niro.agent.testkit;

import cx.niro.core.ErrorCode;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.protocol.Problem;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link FakeServer} answers; status 0 stands for a connection that ends without an answer.
 *
 * @param body JSON, or empty
 */
public record FakeAnswer(int status, String body, @Nullable Integer retryAfterSeconds) {
  private static final NiroCodec CODEC = NiroCodec.create();

  static FakeAnswer of(Object message) {
    return new FakeAnswer(200, text(message), null);
  }

  static FakeAnswer problem(ErrorCode code, String detail, @Nullable Integer retryAfterSeconds) {
    return new FakeAnswer(code.httpStatus(), text(Problem.of(code, detail)), retryAfterSeconds);
  }

  static FakeAnswer lost() {
    return new FakeAnswer(0, "", null);
  }

  private static String text(Object message) {
    return new String(CODEC.encode(message), StandardCharsets.UTF_8);
  }
}
