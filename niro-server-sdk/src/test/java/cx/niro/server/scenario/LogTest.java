package cx.niro.server.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.CommandId;
import cx.niro.core.ErrorCode;
import cx.niro.core.NiroException;
import cx.niro.core.protocol.CommandOffer;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.LogEnd;
import cx.niro.core.protocol.LogPiece;
import cx.niro.core.protocol.LogRequest;
import cx.niro.core.protocol.PollReply;
import cx.niro.core.protocol.Protocol;
import cx.niro.core.protocol.StreamReply;
import cx.niro.server.LogViewer;
import cx.niro.server.Logs;
import cx.niro.server.scenario.FleetFixture.Member;
import cx.niro.server.spi.Page;
import cx.niro.server.testkit.FakeAgent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class LogTest {
  private static final LogRequest FOLLOW =
      new LogRequest("shop", "web-0", null, true, 100, false, null);

  private final FleetFixture fleet = new FleetFixture();
  private final Member berlin = member("berlin");
  private final FakeAgent agent = berlin.agent();

  private Member member(String name) {
    Member made = fleet.member(name);
    made.agent().granted("logs");
    made.agent().beat();
    fleet.time.runDue();
    return made;
  }

  /** Takes down what it is shown. */
  private static final class Seen implements LogViewer {
    final List<String> all = new ArrayList<>();

    @Override
    public void lines(List<String> lines) {
      all.addAll(lines);
    }

    @Override
    public void dropped(long count) {
      all.add("dropped " + count);
    }

    @Override
    public void gap(Duration silence) {
      all.add("gap " + silence.toSeconds());
    }

    @Override
    public void ended(LogEnd end) {
      all.add("end " + end.code());
    }
  }

  private CompletableFuture<Logs.View> open(LogRequest request) {
    return fleet.server.logs().open(berlin.id(), request).toCompletableFuture();
  }

  private CommandId asked() {
    CompletableFuture<PollReply> poll = agent.poll(0, 0);
    fleet.time.runDue();
    CommandOffer offer = poll.join().commands().get(0);
    assertThat(offer.kind()).isEqualTo("logs");
    assertThat(offer.remainingSeconds()).isEqualTo(10);
    return offer.id();
  }

  private StreamReply send(CommandId id, long sequence, String... lines) {
    return send(id, new LogPiece(sequence, List.of(lines), 0, null));
  }

  private StreamReply send(CommandId id, LogPiece piece) {
    StreamReply reply = send(agent, id, piece);
    fleet.time.runDue();
    return reply;
  }

  private StreamReply send(FakeAgent from, CommandId id, LogPiece piece) {
    return fleet.server.gateway().stream(fleet.server.gateway().authenticate(from.key()), id, piece)
        .toCompletableFuture()
        .join();
  }

  private Seen see(CompletableFuture<Logs.View> opened) {
    fleet.time.runDue();
    Seen seen = new Seen();
    opened.join().start(seen);
    return seen;
  }

  @Test
  void a_stream_is_asked_for_once_without_a_slot_and_leaves_nothing_behind() {
    CompletableFuture<Logs.View> opened = open(FOLLOW);
    CommandId id = asked();
    assertThat(agent.poll(0, 4).join().commands()).isEmpty();
    assertThat(agent.result(id, CommandState.SUCCEEDED).state()).isEqualTo(CommandState.SUCCEEDED);
    assertThat(opened).isNotDone();
    send(id, 1, "one", "two");

    assertThat(see(opened).all).containsExactly("one", "two");
    assertThat(fleet.server.commands().list(berlin.id(), null, Page.Request.FIRST).items())
        .isEmpty();
    assertThat(fleet.kinds(berlin.id())).doesNotContain("command_sent");
  }

  @Test
  void viewers_of_the_same_share_one_stream_and_the_later_one_begins_with_the_last_lines() {
    CompletableFuture<Logs.View> first = open(FOLLOW);
    CommandId id = asked();
    send(id, 1, "one");
    Seen one = see(first);
    Seen two = see(open(FOLLOW));
    send(id, new LogPiece(2, List.of("two"), 7, null));

    assertThat(one.all).containsExactly("one", "dropped 7", "two");
    assertThat(two.all).isEqualTo(one.all);
    first.join().close();
    assertThat(send(id, 3, "three").stop()).isFalse();
    assertThat(one.all).doesNotContain("three");
    assertThat(two.all).endsWith("three");
  }

  @Test
  void other_requests_and_those_that_do_not_follow_have_streams_of_their_own() {
    LogRequest all = new LogRequest("shop", "web-0", null, false, null, false, null);
    open(FOLLOW);
    CommandId first = asked();
    open(all);
    CommandId second = asked();
    open(all);

    assertThat(List.of(first, second)).doesNotContain(asked()).doesNotHaveDuplicates();
  }

  @Test
  void the_agent_is_told_to_stop_when_the_last_viewer_has_left() {
    CompletableFuture<Logs.View> opened = open(FOLLOW);
    CommandId id = asked();
    assertThat(send(id, 1, "one")).isEqualTo(new StreamReply(false, 2000));
    see(opened);
    opened.join().close();

    assertThat(send(id, 2, "two")).isEqualTo(new StreamReply(true, null));
    fleet.pass(Duration.ofMinutes(1));
    assertThatThrownBy(() -> send(id, 3, "three")).hasMessage("there is no stream " + id.value());
  }

  @Test
  void a_piece_that_comes_twice_is_shown_once() {
    CompletableFuture<Logs.View> opened = open(FOLLOW);
    CommandId id = asked();
    send(id, 1, "one");
    Seen seen = see(opened);
    send(id, 1, "one");
    send(id, 2, "two");
    send(id, 1, "one");

    assertThat(seen.all).containsExactly("one", "two");
  }

  @Test
  void an_agent_that_falls_silent_is_asked_again_and_the_gap_is_shown() {
    CompletableFuture<Logs.View> opened = open(FOLLOW);
    CommandId first = asked();
    send(first, 1, "one");
    Seen seen = see(opened);
    agent.restart();
    agent.beat();
    fleet.pass(Duration.ofSeconds(12));

    CommandOffer again = agent.poll(0, 4).join().commands().get(0);
    assertThat(again.payload().text()).contains("\"sinceSeconds\":1").doesNotContain("tailLines");
    send(again.id(), 1, "two");
    assertThat(seen.all).containsExactly("one", "gap 12", "two");
    assertThatThrownBy(() -> send(first, 2, "late")).isInstanceOf(NiroException.class);
  }

  @Test
  void a_source_that_breaks_off_is_asked_again_at_once_but_not_for_ever() {
    CompletableFuture<Logs.View> opened = open(FOLLOW);
    CommandId id = asked();
    send(id, 1, "one");
    Seen seen = see(opened);
    LogEnd broken = new LogEnd(LogEnd.INTERRUPTED, "unexpected end of stream");
    send(id, new LogPiece(2, List.of(), 0, broken));
    for (int i = 0; i < 5; i++) {
      fleet.pass(Duration.ofSeconds(1));
      send(asked(), new LogPiece(1, List.of(), 0, broken));
    }
    fleet.pass(Duration.ofSeconds(1));

    assertThat(seen.all).startsWith("one", "gap 1").endsWith("end stream_unreachable");
  }

  @Test
  void an_agent_that_does_not_begin_within_10_s_is_unreachable() {
    CompletableFuture<Logs.View> opened = open(FOLLOW);
    fleet.pass(Duration.ofSeconds(12));

    assertThat(code(opened)).isEqualTo(ErrorCode.STREAM_UNREACHABLE);
    assertThat(agent.poll(0, 4).join().commands()).isEmpty();
  }

  @Test
  void what_the_agent_refuses_is_told_to_whoever_asked() {
    CompletableFuture<Logs.View> opened = open(FOLLOW);
    agent.result(asked(), CommandState.REJECTED);
    fleet.time.runDue();
    assertThat(code(opened)).isEqualTo(ErrorCode.STREAM_UNREACHABLE);

    CompletableFuture<Logs.View> unknown = open(FOLLOW);
    send(asked(), new LogPiece(1, List.of(), 0, new LogEnd("not_found", "no such pod")));
    assertThat(code(unknown)).isEqualTo(ErrorCode.NOT_FOUND);
  }

  private static ErrorCode code(CompletableFuture<?> failed) {
    try {
      failed.join();
      throw new AssertionError("it did not fail");
    } catch (CompletionException e) {
      return ((NiroException) e.getCause()).code();
    }
  }

  @Test
  void without_the_capability_or_a_living_agent_nothing_is_asked() {
    Member plain = fleet.member("plain");
    assertThatThrownBy(() -> fleet.server.logs().open(plain.id(), FOLLOW))
        .hasMessageContaining("NIRO_ENABLE_LOGS=1");
    fleet.pass(Duration.ofMinutes(10));
    assertThatThrownBy(() -> open(FOLLOW)).hasMessageStartingWith("the cluster is offline: ");
  }

  @Test
  void a_stream_belongs_to_its_cluster() {
    open(FOLLOW);
    CommandId id = asked();
    Member other = member("munich");

    assertThatThrownBy(() -> send(other.agent(), id, new LogPiece(1, List.of("forged"), 0, null)))
        .hasMessage("there is no stream " + id.value());
  }

  @Test
  void sixty_four_streams_of_one_agent_are_the_limit() {
    for (int i = 0; i < Protocol.STREAMS_LIMIT; i++) {
      open(new LogRequest("shop", "web-" + i, null, true, 10, false, null));
    }

    assertThatThrownBy(() -> open(FOLLOW)).hasMessageContaining("64 streams open");
  }

  @Test
  void a_viewer_that_is_too_slow_loses_lines_and_is_told_how_many() {
    CompletableFuture<Logs.View> opened = open(FOLLOW);
    CommandId id = asked();
    String line = "x".repeat(16_000);
    for (int i = 1; i <= 40; i++) {
      send(id, new LogPiece(i, Collections.nCopies(4, line), 0, null));
    }
    Seen seen = see(opened);

    assertThat(seen.all).hasSize(16);
    send(id, 41, "after");
    assertThat(seen.all).hasSize(18).endsWith("dropped 144", "after");
  }

  @Test
  void a_deleted_cluster_ends_its_streams() {
    CompletableFuture<Logs.View> opened = open(FOLLOW);
    send(asked(), 1, "one");
    Seen seen = see(opened);
    fleet.server.clusters().delete(berlin.id(), "ada");
    fleet.pass(Duration.ofSeconds(2));

    assertThat(seen.all).containsExactly("one", "end not_found");
  }

  @Test
  void closing_the_server_ends_all_streams() {
    CompletableFuture<Logs.View> opened = open(FOLLOW);
    send(asked(), 1, "one");
    Seen seen = see(opened);
    fleet.server.close();

    assertThat(seen.all).containsExactly("one", "end starting_or_stopping");
  }
}
