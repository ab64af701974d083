package cx.niro.agent.internal;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.AgentResources;
import cx.niro.agent.spi.LogOutput;
import cx.niro.agent.spi.LogSource;
import cx.niro.agent.testkit.Trouble;
import cx.niro.core.CommandId;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.LogEnd;
import cx.niro.core.protocol.LogPiece;
import cx.niro.core.protocol.LogRequest;
import cx.niro.core.protocol.Protocol;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogStreamTest {
  private static final String FOLLOW =
      "{\"namespace\":\"shop\",\"pod\":\"web-0\",\"follow\":true,\"previous\":false}";
  private static final String ALL = FOLLOW.replace("true", "false");

  private final StepAgent step = new StepAgent();
  private final List<LogRequest> asked = new ArrayList<>();
  private LogSource script = (request, out) -> {};
  private LogOutput out;
  private boolean granted = true;
  private AgentRuntime running;
  private final ExecutorService readers = Executors.newCachedThreadPool();

  private CommandId follow() {
    running =
        step.start(
            step.options()
                .logSource(
                    new LogSource() {
                      @Override
                      public boolean isGranted() {
                        return granted;
                      }

                      @Override
                      public void read(LogRequest request, LogOutput output) throws Exception {
                        asked.add(request);
                        script.read(request, output);
                      }
                    }));
    return offer(FOLLOW);
  }

  private CommandId offer(String payload) {
    CommandId id = step.cluster.offer(LogRequest.KIND, payload);
    step.time.runDue();
    return id;
  }

  private void millis(long count) {
    step.after(Duration.ofMillis(count));
  }

  private LogPiece last(CommandId id) {
    List<LogPiece> pieces = step.cluster.pieces(id);
    return pieces.get(pieces.size() - 1);
  }

  private CommandState state(CommandId id) {
    return step.cluster.result(id).orElseThrow().state();
  }

  @Test
  void lines_are_sent_together_every_200_ms_and_the_end_with_the_last() {
    script =
        (request, output) -> {
          output.line("one");
          output.line("two");
        };
    CommandId id = follow();

    assertThat(state(id)).isEqualTo(CommandState.SUCCEEDED);
    assertThat(asked)
        .containsExactly(new LogRequest("shop", "web-0", null, true, null, false, null));
    assertThat(step.cluster.pieces(id))
        .containsExactly(
            new LogPiece(
                1, List.of("one", "two"), 0, new LogEnd(LogEnd.FINISHED, "the log has ended")));
    step.seconds(5);
    assertThat(step.cluster.pieces(id)).hasSize(1);
  }

  @Test
  void an_agent_with_a_log_source_offers_logs_as_long_as_it_is_granted() {
    granted = false;
    CommandId refused = follow();

    assertThat(state(refused)).isEqualTo(CommandState.REJECTED);
    assertThat(step.cluster.result(refused).orElseThrow().reason())
        .isEqualTo("this agent may not read logs");
    assertThat(step.cluster.snapshot().info().capabilities().has("logs")).isFalse();
    granted = true;
    step.seconds(20);
    assertThat(step.cluster.snapshot().info().capabilities().has("logs")).isTrue();
  }

  @Test
  void a_refusal_of_the_source_is_the_end_with_its_code() {
    script =
        (request, output) -> {
          throw new InvalidRequestException(ErrorCode.NOT_FOUND, "pods \"web-0\" not found");
        };
    CommandId id = follow();

    assertThat(last(id).end()).isEqualTo(new LogEnd("not_found", "pods \"web-0\" not found"));
  }

  @Test
  void a_source_that_breaks_off_says_so() {
    script =
        (request, output) -> {
          throw new IOException("unexpected end of stream");
        };

    assertThat(last(follow()).end())
        .isEqualTo(new LogEnd("interrupted", "unexpected end of stream"));
  }

  @Test
  void a_payload_that_is_not_valid_is_rejected_with_its_path() {
    follow();
    CommandId id =
        offer("{\"namespace\":\"a/b\",\"pod\":\"x\",\"follow\":true,\"previous\":false}");

    assertThat(state(id)).isEqualTo(CommandState.REJECTED);
    assertThat(step.cluster.result(id).orElseThrow().reason()).contains("$.namespace");
  }

  @Test
  void what_comes_faster_than_allowed_is_dropped_counted_and_placed() {
    step.cluster.linesPerSecond(10);
    script =
        (request, output) ->
            IntStream.rangeClosed(1, LogBuffer.MOST_LINES + 100)
                .forEach(i -> output.line("line " + i));
    CommandId id = follow();
    step.seconds(1);
    int before = step.cluster.lines(id).size();
    step.seconds(10);

    assertThat(step.cluster.lines(id).size() - before).isBetween(90, 110);
    step.cluster.linesPerSecond(2000);
    step.seconds(10);
    assertThat(step.cluster.lines(id)).hasSize(LogBuffer.MOST_LINES).endsWith("line 4000");
    assertThat(step.cluster.dropped(id)).isEqualTo(100);
    assertThat(last(id).dropped()).isEqualTo(100);
  }

  @Test
  void a_piece_that_gets_no_answer_is_sent_again_with_its_number() throws Exception {
    CommandId id = openFollowed();
    out.line("one");
    step.server.next(Protocol.streamRoute(id), Trouble.loseAnswer());
    step.server.next(Protocol.streamRoute(id), Trouble.refuse(ErrorCode.OVERLOADED));
    step.seconds(8);

    assertThat(step.cluster.lines(id)).containsExactly("one");
    assertThat(step.transport.calls(Protocol.streamRoute(id)).size()).isGreaterThan(2);
  }

  @Test
  void a_quiet_stream_says_each_second_that_it_is_there_and_hears_that_it_should_stop()
      throws Exception {
    CommandId id = openFollowed();
    step.seconds(3);
    int quiet = step.cluster.pieces(id).size();

    assertThat(quiet).isBetween(2, 4);
    List<String> told = new ArrayList<>();
    out.onStop(() -> told.add("stopped"));
    step.cluster.stop(id);
    step.seconds(2);
    assertThat(out.isStopped()).isTrue();
    assertThat(out.line("more")).isFalse();
    assertThat(told).containsExactly("stopped");
    int end = step.cluster.pieces(id).size();
    step.seconds(5);
    assertThat(step.cluster.pieces(id)).hasSize(end);
  }

  @Test
  void a_cancelled_stream_stops_at_once() throws Exception {
    CommandId id = openFollowed();
    step.cluster.cancel(id);
    step.time.runDue();

    assertThat(out.isStopped()).isTrue();
  }

  @Test
  void a_stream_that_the_server_does_not_know_is_over() throws Exception {
    CommandId id = openFollowed();
    step.server.next(Protocol.streamRoute(id), Trouble.refuse(ErrorCode.NOT_FOUND));
    step.seconds(2);

    assertThat(out.isStopped()).isTrue();
  }

  @Test
  void sixty_four_streams_take_no_slot_and_the_next_is_rejected() throws Exception {
    openFollowed();
    for (int i = 1; i < Protocol.STREAMS_LIMIT; i++) {
      assertThat(state(offer(FOLLOW))).isEqualTo(CommandState.SUCCEEDED);
    }
    CommandId over = offer(FOLLOW);

    assertThat(state(over)).isEqualTo(CommandState.REJECTED);
    assertThat(step.cluster.result(over).orElseThrow().reason())
        .isEqualTo("this agent has 64 streams open, which is the limit");
    CommandId ping = step.cluster.offer("ping", "{}");
    step.time.runDue();
    assertThat(state(ping)).isEqualTo(CommandState.SUCCEEDED);
  }

  @Test
  void closing_the_agent_stops_its_streams() throws Exception {
    CommandId id = openFollowed();
    running.close("closed");

    assertThat(out.isStopped()).isTrue();
    assertThat(step.cluster.pieces(id)).hasSizeLessThan(2);
  }

  @Test
  void a_reader_of_what_is_not_followed_waits_for_room() throws Exception {
    LogBuffer buffer = new LogBuffer(true);
    Thread reader =
        new Thread(
            () -> IntStream.range(0, 3 * LogBuffer.MOST_LINES).forEach(i -> buffer.add("x")));
    reader.start();
    int lines = 0;
    while (lines < 3 * LogBuffer.MOST_LINES) {
      LogBuffer.Batch batch = buffer.take(100, 1000);
      lines += batch.lines().size();
      assertThat(batch.dropped()).isZero();
    }
    reader.join();

    assertThat(buffer.isEmpty()).isTrue();
  }

  /** A stream whose source has handed over nothing and not returned, on a thread of its own. */
  private CommandId openFollowed() throws InterruptedException {
    BlockingQueue<LogOutput> opened = new LinkedBlockingQueue<>();
    script =
        (request, output) -> {
          opened.add(output);
          output.awaitStop(Duration.ofMinutes(1));
        };
    step.resources =
        AgentResources.builder()
            .heartbeats(step.steps)
            .commands(step.steps)
            .workers(step.steps)
            .network(readers)
            .instants(step.time)
            .nanos(step.time.nanos())
            .random(new Random(42))
            .build();
    CommandId id = follow();
    out = opened.take();
    return id;
  }

  @AfterEach
  void endReaders() {
    readers.shutdownNow();
  }
}
