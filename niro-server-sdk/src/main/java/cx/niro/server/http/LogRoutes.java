package cx.niro.server.http;

import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.NiroException;
import cx.niro.core.protocol.Limits;
import cx.niro.core.protocol.LogRequest;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.server.ClusterView;
import cx.niro.server.Logs;
import cx.niro.server.spi.AccessControl.Caller;
import cx.niro.server.spi.AccessControl.Permission;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The logs of one pod, as a stream that goes on until one side ends it. */
final class LogRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(NiroHandler.class);
  private static final String LOG_OF_POD = "/api/v1/clusters/{cluster}/pods/{namespace}/{pod}/log";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,252}");

  /** Quiet seconds after which a comment shows both sides that the connection lives. */
  private static final int COMMENT_SECONDS = 15;

  /**
   * A viewer who lost his permission sees no more after so long, also without {@code endStreams}.
   */
  private static final int CHECK_SECONDS = 30;

  private final RestDoor door;
  private final Logs logs;
  private final NiroCodec codec;
  private final Set<Open> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger ticks = new AtomicInteger();

  private record Open(Caller caller, LogEvents events, Call call) {
    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  LogRoutes(RestDoor door, Logs logs, NiroCodec codec) {
    this.door = door;
    this.logs = logs;
    this.codec = codec;
  }

  Route route() {
    return door.later(LOG_OF_POD, this::stream, "container", "follow", "tail", "previous", "since");
  }

  private CompletionStage<NiroResponse> stream(Access access, Call call) {
    ClusterView view = door.cluster(access, call, Permission.WRITE);
    return logs.open(view.cluster().id(), request(call))
        .thenApply(
            opened ->
                Answers.stream(
                    "text/event-stream", sink -> show(opened, sink, access.caller(), call)));
  }

  private static LogRequest request(Call call) {
    int tail = call.number("tail", 0, Limits.LOG_TAIL_LINES, -1);
    int since = call.number("since", 1, Integer.MAX_VALUE, -1);
    return new LogRequest(
        named(call, "namespace"),
        named(call, "pod"),
        container(call.query("container")),
        Boolean.TRUE.equals(call.flag("follow")),
        tail < 0 ? null : Integer.valueOf(tail),
        Boolean.TRUE.equals(call.flag("previous")),
        since < 0 ? null : Long.valueOf(since));
  }

  private static String named(Call call, String name) {
    String text = Objects.requireNonNull(call.parameters().get(name), name);
    if (!NAME.matcher(text).matches()) {
      throw new InvalidRequestException(
          ErrorCode.NOT_FOUND, "there is no " + name + " " + Shown.text(text));
    }
    return text;
  }

  private static @Nullable String container(@Nullable String name) {
    if (name != null && !NAME.matcher(name).matches()) {
      throw new FieldException(
          "container", "must be the name of a container, but was " + Shown.text(name));
    }
    return name;
  }

  private void show(Logs.View view, NiroResponse.Sink sink, Caller caller, Call call) {
    LogEvents events = new LogEvents(sink, codec);
    Open shown = new Open(caller, events, call);
    open.add(shown);
    sink.onClose(
        () -> {
          open.remove(shown);
          view.close();
        });
    events.comment();
    view.start(events);
  }

  /** Once a second, on the executor. */
  void tick() {
    int seconds = ticks.incrementAndGet();
    if (seconds % COMMENT_SECONDS == 0) {
      open.forEach(shown -> shown.events().comment());
    }
    if (seconds % CHECK_SECONDS == 0) {
      open.stream()
          .filter(shown -> !isStillAllowed(shown))
          .forEach(shown -> shown.events().close());
    }
  }

  private boolean isStillAllowed(Open shown) {
    try {
      door.cluster(door.enter(shown.call()), shown.call(), Permission.WRITE);
      return true;
    } catch (NiroException e) {
      LOG.debug("a stream of logs ends: {}", e.getMessage());
      return e.code().httpStatus() >= 500;
    } catch (RuntimeException e) {
      LOG.warn("nobody can say whether a stream of logs may go on; it does", e);
      return true;
    }
  }

  void close(Predicate<Caller> whose) {
    open.stream()
        .filter(shown -> whose.test(shown.caller()))
        .forEach(shown -> shown.events().close());
  }
}
