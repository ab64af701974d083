package cx.niro.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final String ADDRESS = "192.0.2.7";
  private final Admission admission = new Admission(8, Runnable::run, "niro");

  private static NiroRequest with(String header, String... values) {
    return new NiroRequest(
        "GET",
        "/api/v1/clusters",
        Map.of(),
        Map.of(header, List.of(values)),
        InputStream.nullInputStream(),
        ADDRESS);
  }

  @Test
  void a_key_is_one_caller_however_it_is_written() {
    assertThat(Stream.of("Bearer k", "bearer k", "BEARER   k", "Bearer k ", "bEaReR \tk"))
        .allMatch(shown -> admission.callerOf(with("authorization", shown)).equals("k"));
    assertThat(admission.callerOf(with("authorization", "Bearer other"))).isEqualTo("other");
  }

  @Test
  void a_session_is_one_caller_whatever_other_cookies_it_brings() {
    String caller = admission.callerOf(with("cookie", "niro=s"));
    assertThat(admission.callerOf(with("cookie", "x=1; niro=s"))).isEqualTo(caller);
    assertThat(admission.callerOf(with("cookie", "x=2", "y=3;niro=s ;z=4"))).isEqualTo(caller);
    assertThat(admission.callerOf(with("cookie", "niro=other"))).isNotEqualTo(caller);
  }

  @Test
  void who_shows_nothing_that_is_looked_at_is_counted_by_address() {
    assertThat(admission.callerOf(with("cookie", "x=1"))).isEqualTo(ADDRESS);
    Admission sessionless = new Admission(8, Runnable::run, null);
    assertThat(sessionless.callerOf(with("cookie", "niro=s"))).isEqualTo(ADDRESS);
  }

  @Test
  void all_kinds_together_run_no_more_than_may_run_at_a_time() {
    assertThat(IntStream.rangeClosed(5, 10_000))
        .allMatch(
            concurrency ->
                Stream.of(Admission.Kind.values())
                        .mapToInt(kind -> kind.limits(concurrency).running())
                        .sum()
                    <= concurrency);
  }
}
