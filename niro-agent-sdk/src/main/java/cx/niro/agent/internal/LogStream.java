package cx.niro.agent.internal;

import cx.niro.agent.CallFailure;
import cx.niro.agent.internal.Transport.Call;
import cx.niro.agent.spi.LogOutput;
import cx.niro.agent.spi.LogSource;
import cx.niro.core.CommandId;
import cx.niro.core.ErrorCode;
import cx.niro.core.NiroException;
import cx.niro.core.protocol.Limits;
import cx.niro.core.protocol.LogEnd;
import cx.niro.core.protocol.LogPiece;
import cx.niro.core.protocol.LogRequest;
import cx.niro.core.protocol.Protocol;
import cx.niro.core.protocol.StreamReply;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream of log lines: read by a thread of its own, sent from the command lane, to which
 * everything but {@link #read} and the methods of {@link LogOutput} is confined.
 */
final class LogStream implements LogOutput {
  private static final Logger log = LoggerFactory.getLogger(LogStream.class);
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final int MOST_FAILURES = 6;
  private static final Set<Integer> PASSING = Set.of(408, 429);

  private final Parts parts;
  private final Lane lane;
  private final CommandId id;
  private final LogRequest request;
  private final Runnable onOver;
  private final LogBuffer buffer;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Queue<Runnable> onStop = new ConcurrentLinkedQueue<>();

  private long sequence;
  private int linesPerSecond = Protocol.STREAM_LINES_PER_SECOND;
  private double allowance = linesPerSecond;
  private long countedAt;
  private long sentAt;
  private @Nullable LogPiece unsent;
  private boolean sending;
  private int failures;
  private @Nullable LogEnd end;
  private Lane.@Nullable Timer timer;

  LogStream(Parts parts, Lane lane, CommandId id, LogRequest request, Runnable onOver) {
    this.parts = parts;
    this.lane = lane;
    this.id = id;
    this.request = request;
    this.onOver = onOver;
    buffer = new LogBuffer(!request.follow());
    countedAt = parts.nanos();
    sentAt = countedAt;
  }

  /** Reads to the end; on the reader's thread. */
  void read(LogSource source) {
    LogEnd how = readToEnd(source);
    lane.execute(
        () -> {
          end = how;
          if (!sending && unsent == null) {
            step();
          }
        });
  }

  private LogEnd readToEnd(LogSource source) {
    try {
      source.read(request, this);
      return new LogEnd(LogEnd.FINISHED, "the log has ended");
    } catch (NiroException e) {
      return LogEnd.of(e.code(), said(e));
    } catch (IOException e) {
      return new LogEnd(LogEnd.INTERRUPTED, said(e));
    } catch (Exception | LinkageError | StackOverflowError e) {
      if (!isStopped()) {
        log.warn("Reading the log of {} failed", request.pod(), e);
      }
      return LogEnd.of(ErrorCode.INTERNAL, said(e));
    }
  }

  private static String said(Throwable e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  /** Begins to send what is read. */
  void begin() {
    later(Protocol.STREAM_BATCH);
  }

  private void later(Duration wait) {
    if (timer != null) {
      timer.cancel();
    }
    timer = lane.schedule(wait, this::step);
  }

  private void step() {
    if (isStopped() || sending) {
      return;
    }
    LogPiece piece = unsent == null ? next() : unsent;
    String key = parts.keys().active();
    if (piece == null || key == null) {
      later(Protocol.STREAM_BATCH);
      return;
    }
    unsent = piece;
    sending = true;
    sentAt = parts.nanos();
    byte[] body = parts.codec().encode(piece);
    Call call = new Call(Protocol.streamRoute(id), body, key, PATIENCE, false, Limits.SMALL_BYTES);
    parts
        .exchanges()
        .send(lane, call, StreamReply.class, reply -> answered(piece, reply), this::failed);
  }

  /** Null while there is nothing to say and it was said a moment ago. */
  private @Nullable LogPiece next() {
    long now = parts.nanos();
    allowance =
        Math.min(linesPerSecond, allowance + linesPerSecond * (now - countedAt) / 1_000_000_000.0);
    countedAt = now;
    int most = (int) Math.min(allowance, Limits.LOG_LINES);
    LogBuffer.Batch batch = buffer.take(most, Protocol.STREAM_BATCH_CHARS);
    allowance -= batch.lines().size();
    LogEnd last = end != null && buffer.isEmpty() ? end : null;
    boolean saidLately = now - sentAt < Protocol.STREAM_QUIET.toNanos();
    if (batch.isEmpty() && last == null && saidLately) {
      return null;
    }
    return new LogPiece(++sequence, batch.lines(), batch.dropped(), last);
  }

  private void answered(LogPiece piece, StreamReply reply) {
    delivered();
    if (reply.stop() || piece.end() != null) {
      stop();
      return;
    }
    if (reply.maxLinesPerSecond() != null) {
      linesPerSecond = reply.maxLinesPerSecond();
    }
    later(
        buffer.holdsAtLeast(Protocol.STREAM_BATCH_CHARS) && allowance >= 1
            ? Duration.ZERO
            : Protocol.STREAM_BATCH);
  }

  private void delivered() {
    sending = false;
    unsent = null;
    failures = 0;
  }

  private void failed(CallFailure failure) {
    int status = failure.status();
    if (status >= 200 && status < 300) {
      delivered();
      later(Protocol.STREAM_BATCH);
      return;
    }
    sending = false;
    failures++;
    boolean refused = status >= 400 && status < 500 && !PASSING.contains(status);
    if (refused || failures > MOST_FAILURES) {
      log.debug("Stream {} is over: {}", id, failure);
      stop();
      return;
    }
    later(BackOff.wait(failures, failure.retryAfter(), parts.drawn()));
  }

  /** Ends it; what was not sent is thrown away. */
  void stop() {
    if (isStopped()) {
      return;
    }
    stopped.countDown();
    buffer.stop();
    if (timer != null) {
      timer.cancel();
    }
    tellStopped();
    onOver.run();
  }

  private void tellStopped() {
    for (Runnable action = onStop.poll(); action != null; action = onStop.poll()) {
      try {
        action.run();
      } catch (RuntimeException e) {
        log.warn("What a log source wanted run at the end of a stream failed", e);
      }
    }
  }

  @Override
  public boolean line(String text) {
    return buffer.add(
        text.length() <= Limits.LOG_LINE_CHARS
            ? text
            : text.substring(0, Limits.LOG_LINE_CHARS - 1) + "…");
  }

  @Override
  public boolean isStopped() {
    return stopped.getCount() == 0;
  }

  @Override
  public boolean awaitStop(Duration atMost) {
    try {
      return stopped.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  @Override
  public void onStop(Runnable action) {
    onStop.add(action);
    if (isStopped()) {
      tellStopped();
    }
  }
}
