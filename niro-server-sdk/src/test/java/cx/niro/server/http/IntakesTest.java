package cx.niro.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ErrorCode;
import cx.niro.core.protocol.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IntakesTest {
  private final Intakes intakes = new Intakes(Limits.HEARTBEAT_BYTES, Duration.ofSeconds(20));
  private final List<InputStream> bodies = new ArrayList<>();

  private Intake open(long maxBytes, boolean callerKnown) {
    return open(maxBytes, callerKnown ? "an agent" : null);
  }

  private Intake open(long maxBytes, @Nullable String caller) {
    return intakes.open(new Intake.Expected(maxBytes, null), caller, bodies::add);
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  private ErrorCode refusal(int index) {
    assertThat(bodies.get(index)).isInstanceOf(RefusedBody.class);
    return ((RefusedBody) bodies.get(index)).refusal().code();
  }

  @Test
  void a_body_is_what_was_given_piece_by_piece() throws IOException {
    byte[] whole = bytes(300_000);
    Intake intake = open(Limits.RESULT_BYTES, true);
    for (int from = 0; from < whole.length; from += 777) {
      assertThat(intake.take(whole, from, Math.min(777, whole.length - from))).isTrue();
    }
    intake.end();

    assertThat(bodies.get(0).readAllBytes()).isEqualTo(whole);
  }

  @Test
  void a_body_takes_memory_when_it_arrives_and_gives_it_back_when_it_is_closed()
      throws IOException {
    Intake intake = open(Limits.HEARTBEAT_BYTES, true);
    assertThat(intakes.bytes()).isZero();

    intake.take(bytes(1), 0, 1);
    assertThat(intakes.bytes()).isEqualTo(512);
    intake.end();
    assertThat(intakes.open()).isZero();
    assertThat(intakes.bytes()).isEqualTo(512);

    bodies.get(0).close();
    bodies.get(0).close();
    assertThat(intakes.bytes()).isZero();
  }

  @Test
  void a_body_that_is_not_whole_in_time_is_refused_and_its_memory_free() {
    Intake intake = open(Limits.SMALL_BYTES, false);
    intake.take(bytes(600), 0, 600);
    for (int i = 0; i < 20; i++) {
      intakes.tick();
    }
    assertThat(bodies).isEmpty();

    intakes.tick();

    assertThat(refusal(0)).isEqualTo(ErrorCode.BODY_TIMEOUT);
    assertThat(intakes.bytes()).isZero();
    assertThat(intake.take(bytes(1), 0, 1)).isFalse();
    intake.end();
    intake.fail(new IOException("too late"));
    assertThat(bodies).hasSize(1);
  }

  @Test
  void a_body_over_its_limit_is_read_on_for_a_while_without_being_kept() {
    Intake intake = open(Limits.ENROLL_BYTES, false);
    byte[] piece = bytes(8192);
    int pieces = 0;
    while (intake.take(piece, 0, piece.length)) {
      pieces++;
      assertThat(intakes.bytes()).isLessThanOrEqualTo(2 * Limits.ENROLL_BYTES);
    }

    assertThat(pieces).isEqualTo(32);
    assertThat(refusal(0)).isEqualTo(ErrorCode.BODY_TOO_LARGE);
    assertThat(intakes.bytes()).isZero();
  }

  @Test
  void bodies_of_callers_that_nobody_knows_cannot_take_the_room_of_agents() {
    byte[] full = bytes((int) Limits.ENROLL_BYTES);
    for (int i = 0; i < 1000; i++) {
      open(Limits.ENROLL_BYTES, false).take(full, 0, full.length);
    }
    Intake stranger = open(Limits.ENROLL_BYTES, false);
    stranger.take(full, 0, full.length);
    stranger.end();
    Intake agent = open(Limits.HEARTBEAT_BYTES, true);
    agent.take(full, 0, full.length);
    agent.end();

    assertThat(refusal(0)).isEqualTo(ErrorCode.OVERLOADED);
    assertThat(bodies.get(1)).isInstanceOf(ReceivedBody.class);
    assertThat(intakes.bytes()).isLessThan(Limits.HEARTBEAT_BYTES / 4);
  }

  @Test
  void the_largest_beat_fits_even_into_the_smallest_budget() {
    Intake intake = open(Limits.HEARTBEAT_BYTES, true);
    byte[] whole = new byte[(int) Limits.HEARTBEAT_BYTES];
    Arrays.fill(whole, (byte) ' ');

    assertThat(intake.take(whole, 0, whole.length)).isTrue();
    intake.end();

    assertThat(bodies.get(0)).isInstanceOf(ReceivedBody.class);
  }

  @Test
  void who_leaves_large_bodies_unfinished_takes_no_room_from_small_ones_of_others() {
    byte[] piece = bytes(64 * 1024);
    for (String hog : List.of("a", "b", "c")) {
      for (int i = 0; i < 2; i++) {
        Intake unfinished = open(Limits.HEARTBEAT_BYTES, hog);
        for (int sent = 0; sent + piece.length <= Limits.HEARTBEAT_BYTES; sent += piece.length) {
          unfinished.take(piece, 0, piece.length);
        }
      }
    }

    for (int i = 0; i < 20; i++) {
      Intake other = open(Limits.HEARTBEAT_BYTES, "other" + i);
      other.take(piece, 0, piece.length / 4);
      other.end();
      assertThat(bodies.get(i)).isInstanceOf(ReceivedBody.class);
    }
  }

  @Test
  void of_one_caller_so_many_bodies_may_be_on_their_way_until_one_of_them_ends() {
    Intake first = open(Limits.SMALL_BYTES, "hog");
    for (int i = 1; i < BodyShares.MOST_OF_ONE; i++) {
      open(Limits.SMALL_BYTES, "hog");
    }
    open(Limits.SMALL_BYTES, "hog").end();
    first.end();
    open(Limits.SMALL_BYTES, "hog").end();

    assertThat(refusal(0)).isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
    assertThat(bodies.get(2)).isInstanceOf(ReceivedBody.class);
  }
}
