package cx.niro.core;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.protocol.DecodingException;
import cx.niro.core.protocol.Problem;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorCodeTest {
  @ParameterizedTest
  @EnumSource
  void a_code_has_a_wire_name_a_status_and_a_title(ErrorCode code) {
    assertThat(code.wireName()).matches("[a-z]+(_[a-z]+)*");
    assertThat(code.httpStatus()).isBetween(400, 599);
    assertThat(code.title()).isNotBlank().doesNotEndWith(".");
    assertThat(code.logLevel()).isNotNull();
  }

  @Test
  void wire_names_are_what_is_published() {
    assertThat(ErrorCode.TOKEN_USED.wireName()).isEqualTo("token_used");
    assertThat(ErrorCode.CLUSTER_ALREADY_ENROLLED.wireName()).isEqualTo("cluster_already_enrolled");
    assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::wireName)).doesNotHaveDuplicates();
    assertThat(ErrorCode.PROTOCOL_UNSUPPORTED.httpStatus()).isEqualTo(426);
    assertThat(ErrorCode.TOKEN_EXPIRED.httpStatus()).isEqualTo(410);
  }

  @Test
  void a_problem_says_what_its_code_says() {
    Problem problem = Problem.of(ErrorCode.BODY_TOO_LARGE, "over 16384 bytes");

    assertThat(problem)
        .isEqualTo(
            new Problem(
                "about:blank",
                "The body is over its limit",
                413,
                "body_too_large",
                "over 16384 bytes",
                null));
    assertThat(Problem.MEDIA_TYPE).isEqualTo("application/problem+json");
  }

  @Test
  void every_exception_says_what_the_caller_can_do() {
    NiroException decoding =
        new DecodingException(ErrorCode.MALFORMED_BODY, "$.a", "is missing", null);

    assertThat(decoding).isInstanceOf(InvalidRequestException.class).hasMessage("$.a: is missing");
    assertThat(new RetryLaterException(ErrorCode.OVERLOADED, "busy").code())
        .isEqualTo(ErrorCode.OVERLOADED);
    assertThat(new EnrollAgainException(ErrorCode.KEY_REVOKED, "gone"))
        .isInstanceOf(NiroException.class);
  }
}
