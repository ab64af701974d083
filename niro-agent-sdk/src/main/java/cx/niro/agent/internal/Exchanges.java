package cx.niro.agent.internal;

import cx.niro.agent.CallFailure;
import cx.niro.agent.internal.Transport.Answer;
import cx.niro.agent.internal.Transport.Call;
import cx.niro.core.protocol.DecodingException;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.protocol.Problem;
import cx.niro.core.protocol.Protocol;
import java.io.ByteArrayInputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends calls and brings the decoded answer, or the reason why there is none, back to the caller's
 * lane, exactly once and never late: the transport's own timeouts are not trusted alone. Also the
 * watchdog that starts the transport afresh when nothing has come back for too long.
 */
final class Exchanges {
  private static final Logger log = LoggerFactory.getLogger(Exchanges.class);
  private static final Duration GUARD = Duration.ofSeconds(5);
  private static final int SILENT_INTERVALS = 3;

  private final Transport transport;
  private final NiroCodec codec;
  private final LongSupplier nanos;
  // The moment of the last answer of any status; answers arrive on two lanes.
  private final AtomicLong lastAnswer;
  private volatile Duration interval = Protocol.HEARTBEAT_INTERVAL;

  Exchanges(Transport transport, NiroCodec codec, LongSupplier nanos) {
    this.transport = transport;
    this.codec = codec;
    this.nanos = nanos;
    lastAnswer = new AtomicLong(nanos.getAsLong());
  }

  void interval(Duration current) {
    interval = current;
  }

  /** Calls {@code ok} or {@code failed} on {@code lane}; call it from that lane. */
  <T> void send(Lane lane, Call call, Class<T> type, Consumer<T> ok, Consumer<CallFailure> failed) {
    Pending<T> pending = new Pending<>(call, type, ok, failed);
    pending.guard =
        lane.schedule(
            call.patience().plus(GUARD), () -> pending.failed(CallFailure.TIMEOUT, "no answer"));
    transport
        .send(call)
        .whenComplete((answer, error) -> lane.execute(() -> pending.settle(answer, error)));
  }

  /** Sends without a lane and without looking at the answer; waits up to the call's patience. */
  void sendAndWait(Call call) {
    try {
      transport
          .send(call)
          .toCompletableFuture()
          .get(call.patience().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      log.debug("No answer from {}", call.path(), e);
    }
  }

  private void answered() {
    lastAnswer.set(nanos.getAsLong());
  }

  /** Whether the client is to be made anew: silent for three intervals, with a call just failed. */
  static boolean silentTooLong(long lastAnswerNanos, long nowNanos, Duration interval) {
    return nowNanos - lastAnswerNanos >= interval.multipliedBy(SILENT_INTERVALS).toNanos();
  }

  private void unanswered() {
    long last = lastAnswer.get();
    long now = nanos.getAsLong();
    if (silentTooLong(last, now, interval) && lastAnswer.compareAndSet(last, now)) {
      log.info(
          "No answer for {} s: starting the HTTP client afresh",
          TimeUnit.NANOSECONDS.toSeconds(now - last));
      transport.rebuild();
    }
  }

  /** One call under way; confined to its lane. */
  private final class Pending<T> {
    private final Call call;
    private final Class<T> type;
    private final Consumer<T> ok;
    private final Consumer<CallFailure> failed;
    private boolean settled;
    private Lane.@Nullable Timer guard;

    Pending(Call call, Class<T> type, Consumer<T> ok, Consumer<CallFailure> failed) {
      this.call = call;
      this.type = type;
      this.ok = ok;
      this.failed = failed;
    }

    void settle(@Nullable Answer answer, @Nullable Throwable error) {
      if (answer == null) {
        Throwable cause =
            error instanceof CompletionException && error.getCause() != null
                ? error.getCause()
                : error;
        boolean timeout = cause instanceof InterruptedIOException;
        failed(timeout ? CallFailure.TIMEOUT : CallFailure.UNREACHABLE, String.valueOf(cause));
        return;
      }
      if (!settleOnce()) {
        return;
      }
      answered();
      if (!answer.succeeded()) {
        failed.accept(problem(answer));
        return;
      }
      @Nullable T decoded = null;
      try {
        decoded = codec.decode(type, new ByteArrayInputStream(answer.body()), call.answerBytes());
      } catch (DecodingException e) {
        failed.accept(
            new CallFailure(
                call.path(),
                answer.status(),
                CallFailure.UNREADABLE,
                String.valueOf(e.getMessage()),
                null));
      }
      if (decoded != null) {
        ok.accept(decoded);
      }
    }

    void failed(String code, String message) {
      if (settleOnce()) {
        unanswered();
        failed.accept(new CallFailure(call.path(), 0, code, message, null));
      }
    }

    private boolean settleOnce() {
      if (settled) {
        return false;
      }
      settled = true;
      if (guard != null) {
        guard.cancel();
      }
      return true;
    }

    private CallFailure problem(Answer answer) {
      String code = CallFailure.UNREADABLE;
      String message = "an answer that is no problem document";
      try {
        Problem problem =
            codec.decode(
                Problem.class, new ByteArrayInputStream(answer.body()), call.answerBytes());
        code = problem.code();
        message = problem.detail() == null ? problem.title() : problem.detail();
      } catch (DecodingException e) {
        log.debug("{} {}: {}", call.path(), answer.status(), e.getMessage());
      }
      return new CallFailure(call.path(), answer.status(), code, message, answer.retryAfter());
    }
  }
}
