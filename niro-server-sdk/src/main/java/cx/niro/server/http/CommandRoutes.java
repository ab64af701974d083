package cx.niro.server.http;

import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.protocol.Limits;
import cx.niro.core.protocol.RawJson;
import cx.niro.server.ClusterView;
import cx.niro.server.Commands;
import cx.niro.server.internal.rest.CommandJson;
import cx.niro.server.internal.rest.RequestJson;
import cx.niro.server.spi.AccessControl.Permission;
import cx.niro.server.spi.CommandRow;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Commands: sending, following, cancelling. */
final class CommandRoutes {
  private static final long MAX_BODY = Limits.COMMAND_PAYLOAD_BYTES + Limits.SMALL_BYTES;
  private static final String ALL = "/api/v1/clusters/{cluster}/commands";
  private static final String ONE = ALL + "/{command}";
  private static final int MAX_WAIT_SECONDS = 55;
  private static final int MAX_KEY_CHARS = 128;
  private static final long MAX_DEADLINE_SECONDS = Duration.ofHours(24).toSeconds();
  private static final Pattern VENDOR_KIND =
      Pattern.compile("[a-z][a-z0-9_-]*(\\.[a-z][A-Za-z0-9_-]*)+");

  private final RestDoor door;
  private final Commands commands;
  private final ChangeFeed feed;
  private final Executor executor;
  private final ScheduledExecutorService scheduler;

  CommandRoutes(
      RestDoor door,
      Commands commands,
      ChangeFeed feed,
      Executor executor,
      ScheduledExecutorService scheduler) {
    this.door = door;
    this.commands = commands;
    this.feed = feed;
    this.executor = executor;
    this.scheduler = scheduler;
  }

  List<Route> routes() {
    return List.of(
        door.route("POST", ALL, MAX_BODY, this::send),
        door.get(ALL, this::list, "kind", "limit", "cursor"),
        door.later(ONE, this::follow, "waitSeconds"),
        door.delete(ONE, this::cancel));
  }

  private NiroResponse send(Access access, Call call) {
    ClusterView view = door.cluster(access, call, Permission.WRITE);
    ClusterId id = view.cluster().id();
    RequestJson.NewCommand body = door.body(call, RequestJson.NewCommand.class);
    CommandRow row = commands.send(id, checked(body), access.caller().name());
    feed.commandChanged(row, view.cluster().organization());
    return Answers.with(
        shown(202, row), "location", "/api/v1/clusters/" + id + "/commands/" + row.id());
  }

  private static Commands.CommandRequest checked(RequestJson.NewCommand body) {
    RawJson payload = Objects.requireNonNullElse(body.payload(), RawJson.EMPTY);
    if (!payload.text().stripLeading().startsWith("{")) {
      throw new FieldException("payload", "must be an object");
    }
    return new Commands.CommandRequest(
        kind(body.kind()),
        payload,
        deadline(body.deadlineSeconds()),
        key("idempotencyKey", body.idempotencyKey()),
        key("orderKey", body.orderKey()));
  }

  private static String kind(@Nullable String kind) {
    if (kind == null) {
      throw new FieldException("kind", "is required");
    }
    if (!kind.equals("ping") && (kind.length() > 64 || !VENDOR_KIND.matcher(kind).matches())) {
      throw new FieldException(
          "kind",
          "must be ping or a vendor's kind such as acme.reboot, but was " + Shown.text(kind));
    }
    return kind;
  }

  private static @Nullable Duration deadline(@Nullable Long seconds) {
    if (seconds == null) {
      return null;
    }
    if (seconds < 1 || seconds > MAX_DEADLINE_SECONDS) {
      throw new FieldException(
          "deadlineSeconds", "must be 1 to " + MAX_DEADLINE_SECONDS + ", but was " + seconds);
    }
    return Duration.ofSeconds(seconds);
  }

  private static @Nullable String key(String field, @Nullable String key) {
    if (key != null && (key.isEmpty() || key.length() > MAX_KEY_CHARS)) {
      throw new FieldException(
          field, "must have 1 to " + MAX_KEY_CHARS + " characters, but has " + key.length());
    }
    return key;
  }

  private NiroResponse list(Access access, Call call) {
    ClusterId id = door.cluster(access, call).cluster().id();
    return door.answer(
        200,
        Paging.page(
            "commands",
            commands.list(id, call.query("kind"), Paging.request("commands", call)),
            CommandJson::of));
  }

  /**
   * Answers at once, or when the command is finished, or when the wait is over; no thread waits.
   */
  private CompletionStage<NiroResponse> follow(Access access, Call call) {
    ClusterId id = door.cluster(access, call).cluster().id();
    int wait = call.number("waitSeconds", 0, MAX_WAIT_SECONDS, 0);
    CommandRow row = find(id, call);
    if (wait == 0 || row.state().isFinal()) {
      return CompletableFuture.completedFuture(shown(200, row));
    }
    CompletableFuture<CommandRow> finished =
        commands.whenFinished(id, row.id()).toCompletableFuture();
    ScheduledFuture<?> timer =
        scheduler.schedule(() -> finished.cancel(false), wait, TimeUnit.SECONDS);
    return finished.handleAsync(
        (done, failure) -> {
          timer.cancel(false);
          return shown(200, find(id, call));
        },
        executor);
  }

  private NiroResponse cancel(Access access, Call call) {
    ClusterView view = door.cluster(access, call, Permission.WRITE);
    ClusterId id = view.cluster().id();
    CommandRow row = commands.cancel(id, find(id, call).id(), access.caller().name());
    feed.commandChanged(row, view.cluster().organization());
    return shown(200, row);
  }

  private CommandRow find(ClusterId cluster, Call call) {
    CommandId id = call.id("command", CommandId::new);
    return commands
        .find(cluster, id)
        .orElseThrow(
            () ->
                new InvalidRequestException(
                    ErrorCode.NOT_FOUND, "there is no command " + id + " of this cluster"));
  }

  private NiroResponse shown(int status, CommandRow row) {
    return door.answer(status, CommandJson.of(row));
  }
}
