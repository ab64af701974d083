package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.RetryLaterException;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.Limits;
import cx.niro.core.protocol.Protocol;
import cx.niro.core.snapshot.Capabilities;
import cx.niro.server.AgentUpdate;
import cx.niro.server.Commands;
import cx.niro.server.ServerOptions;
import cx.niro.server.internal.managed.Payloads;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The users' side of commands. */
final class CommandDesk implements Commands {
  private static final int TRIES = 3;
  private static final Duration LONGEST_DEADLINE = Duration.ofHours(24);
  private static final int LONGEST_KEY = 253;
  private static final Pattern VENDOR_KIND =
      Pattern.compile("[a-z][a-z0-9-]{0,62}(\\.[A-Za-z][A-Za-z0-9_-]{0,62})+");

  private final Stores stores;
  private final ServerOptions options;
  private final Platform platform;
  private final LiveClusters clusters;
  private final CommandWriter writer;
  private final PollDesk polls;

  CommandDesk(
      Stores stores,
      ServerOptions options,
      Platform platform,
      LiveClusters clusters,
      CommandWriter writer,
      PollDesk polls) {
    this.stores = stores;
    this.options = options;
    this.platform = platform;
    this.clusters = clusters;
    this.writer = writer;
    this.polls = polls;
  }

  @Override
  public CommandRow send(ClusterId cluster, CommandRequest request, String actor) {
    LiveCluster live = clusters.get(cluster);
    CommandRow row =
        clusters.inLaneForUser(
            live,
            () -> {
              CommandRow prepared = prepared(live, request, actor);
              CommandRow stored = stores.inTransaction(tx -> insertAndTell(tx, prepared));
              writer.due(live, stored);
              return stored;
            });
    polls.wake(live);
    return row;
  }

  private static CommandRow insertAndTell(StoreTx tx, CommandRow row) {
    CommandRow stored = wantedAlready(tx, row).orElseGet(() -> insert(tx, row));
    if (stored.id().equals(row.id())) {
      tx.timeline().append(Entries.commandSent(row));
    }
    return stored;
  }

  /** The newest wish for an agent's image that has not ended, when it is for this image. */
  private static Optional<CommandRow> wantedAlready(StoreTx tx, CommandRow row) {
    List<CommandRow> open =
        tx.commands().open(row.cluster()).stream()
            .filter(other -> AgentUpdate.KIND.equals(other.request().kind()))
            .toList();
    boolean same =
        AgentUpdate.KIND.equals(row.request().kind())
            && !open.isEmpty()
            && !newest(open).cancelRequested()
            && newest(open).request().payload().sha256().equals(row.request().payload().sha256());
    return same ? Optional.of(newest(open)) : Optional.empty();
  }

  private static CommandRow newest(List<CommandRow> open) {
    return open.get(open.size() - 1);
  }

  /** Checked, ready to be inserted; in the lane. */
  CommandRow prepared(LiveCluster live, CommandRequest request, String actor) {
    Duration deadline = check(request);
    requireCapability(live, request.kind());
    Instant now = platform.now();
    CommandId id = new CommandId(platform.newId());
    return new CommandRow(
        id,
        live.id,
        new CommandRow.Request(
            request.kind(),
            writer.payloads().sealed(id, request.payload()),
            request.orderKey(),
            request.idempotencyKey(),
            isIdempotent(live, request.kind()),
            actor,
            now,
            now.plus(deadline)),
        CommandState.PENDING,
        0,
        null,
        false,
        null,
        null,
        null,
        null);
  }

  /** A command that another transaction inserted is on its way; in the lane. */
  void inserted(LiveCluster live, CommandRow row) {
    writer.due(live, row);
    live.afterLane.add(() -> polls.wake(live));
  }

  /** Declared here, or by the agent that is to run it. */
  private boolean isIdempotent(LiveCluster live, String kind) {
    Capabilities granted = live.state().info().capabilities();
    return options.idempotentKinds().contains(kind) || granted.has(Capabilities.idempotent(kind));
  }

  /**
   * Every poll reads the open commands, so their number has a limit; and so have their payloads.
   */
  private static void checkRoom(List<CommandRow> open, CommandRow row) {
    if (open.size() >= Protocol.OPEN_COMMANDS_LIMIT) {
      throw new InvalidRequestException(
          ErrorCode.TOO_MANY_COMMANDS,
          "the cluster has " + Protocol.OPEN_COMMANDS_LIMIT + " open commands, which is the limit");
    }
    long bytes =
        Stream.concat(Stream.of(row), open.stream())
            .mapToLong(each -> each.request().payload().bytes())
            .sum();
    if (bytes > Limits.OPEN_PAYLOAD_BYTES) {
      throw new InvalidRequestException(
          ErrorCode.TOO_MANY_COMMANDS,
          "the payloads of the cluster's open commands would have "
              + bytes
              + " bytes together; at most "
              + Limits.OPEN_PAYLOAD_BYTES
              + " may be open");
    }
  }

  /** The row, or the one that is there with its idempotency key. */
  static CommandRow insert(StoreTx tx, CommandRow row) {
    String key = row.request().idempotencyKey();
    if (key != null) {
      Optional<CommandRow> earlier = tx.commands().findByIdempotencyKey(row.cluster(), key);
      if (earlier.isPresent()) {
        return sameOrConflict(earlier.get(), row);
      }
    }
    checkRoom(tx.commands().open(row.cluster()), row);
    if (!tx.commands().insert(row)) {
      return tx.commands()
          .findByIdempotencyKey(row.cluster(), Objects.requireNonNullElse(key, ""))
          .map(earlier -> sameOrConflict(earlier, row))
          .orElseThrow(() -> LiveClusters.notFound(row.cluster()));
    }
    return row;
  }

  private static CommandRow sameOrConflict(CommandRow earlier, CommandRow row) {
    CommandRow.Request was = earlier.request();
    CommandRow.Request is = row.request();
    if (was.payload().sha256().equals(is.payload().sha256())
        && was.kind().equals(is.kind())
        && Objects.equals(was.orderKey(), is.orderKey())) {
      return earlier;
    }
    throw new InvalidRequestException(
        ErrorCode.IDEMPOTENCY_CONFLICT,
        "idempotencyKey was used for command " + earlier.id() + " with another content");
  }

  private static Duration check(CommandRequest request) {
    Duration deadline = request.deadline() == null ? DEFAULT_DEADLINE : request.deadline();
    if (deadline.isNegative() || deadline.isZero() || deadline.compareTo(LONGEST_DEADLINE) > 0) {
      throw invalid(
          "deadline must be over 0 and at most " + LONGEST_DEADLINE + " but was " + deadline);
    }
    checkKey("idempotencyKey", request.idempotencyKey());
    checkKey("orderKey", request.orderKey());
    if (Payloads.depth(request.payload()) > Limits.PAYLOAD_DEPTH) {
      throw invalid("payload must be nested at most " + Limits.PAYLOAD_DEPTH + " deep");
    }
    long bytes = request.payload().text().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > Limits.COMMAND_PAYLOAD_BYTES) {
      throw invalid(
          "payload must have at most " + Limits.COMMAND_PAYLOAD_BYTES + " bytes but had " + bytes);
    }
    return deadline;
  }

  private static void checkKey(String name, @Nullable String key) {
    if (key != null && (key.isBlank() || key.length() > LONGEST_KEY)) {
      throw invalid(
          name + " must have 1 to " + LONGEST_KEY + " characters but had " + key.length());
    }
  }

  private static InvalidRequestException invalid(String detail) {
    return new InvalidRequestException(ErrorCode.INVALID_FIELD, detail);
  }

  private static void requireCapability(LiveCluster live, String kind) {
    String needed = capabilityFor(kind);
    Capabilities granted = live.state().info().capabilities();
    if (needed != null && !granted.has(needed)) {
      throw new InvalidRequestException(
          ErrorCode.CAPABILITY_MISSING,
          "command "
              + kind
              + " needs the capability "
              + needed
              + ", the agent has "
              + granted.names()
              + grantedBy(kind));
    }
  }

  /** What the installer is told so that the agent has it; nothing for kinds of embedders. */
  private static String grantedBy(String kind) {
    String subject =
        switch (kind) {
          case "apply", "delete", "diff" -> "APPLY";
          case "logs" -> "LOGS";
          case "self_update" -> "SELF_UPDATE";
          default -> null;
        };
    return subject == null
        ? ""
        : "; run the installer in the cluster again with NIRO_ENABLE_" + subject + "=1";
  }

  private static @Nullable String capabilityFor(String kind) {
    return switch (kind) {
      case "ping" -> null;
      case "apply", "delete", "diff" -> Capabilities.APPLY;
      case "logs" -> Capabilities.LOGS;
      case "self_update" -> Capabilities.SELF_UPDATE;
      default -> {
        if (!VENDOR_KIND.matcher(kind).matches()) {
          throw invalid("kind must be a built-in one or vendor.name but was '" + shown(kind) + "'");
        }
        yield kind;
      }
    };
  }

  private static String shown(String kind) {
    return kind.length() <= 80 ? kind : kind.substring(0, 80) + "…";
  }

  @Override
  public Optional<CommandRow> find(ClusterId cluster, CommandId id) {
    return stores.inTransaction(tx -> tx.commands().find(cluster, id)).map(CommandRow::withoutText);
  }

  @Override
  public Page<CommandRow> list(ClusterId cluster, @Nullable String kind, Page.Request page) {
    return stores.inTransaction(tx -> tx.commands().list(cluster, kind, page));
  }

  @Override
  public CommandRow cancel(ClusterId cluster, CommandId id, String actor) {
    LiveCluster live = clusters.get(cluster);
    CommandRow row = clusters.inLaneForUser(live, () -> cancel(live, id, actor));
    polls.wake(live);
    return row;
  }

  private CommandRow cancel(LiveCluster live, CommandId id, String actor) {
    Instant now = platform.now();
    CommandRow row = null;
    for (int i = 0; i < TRIES && row == null; i++) {
      row = stores.inTransaction(tx -> cancel(tx, live, id, actor, now));
    }
    if (row == null) {
      throw new RetryLaterException(
          ErrorCode.OVERLOADED, "other replicas keep changing command " + id);
    }
    if (row.state() == CommandState.CANCELLED) {
      writer.finished(live, row);
    }
    return row;
  }

  /** Null when another replica was faster: what it wrote is to be looked at first. */
  private @Nullable CommandRow cancel(
      StoreTx tx, LiveCluster live, CommandId id, String actor, Instant now) {
    CommandRow seen = tx.commands().find(live.id, id).orElseThrow(() -> notFound(id));
    if (seen.state().isFinal()) {
      throw new InvalidRequestException(
          ErrorCode.COMMAND_FINISHED, "the command is " + seen.state().wireName() + " already");
    }
    boolean pending = seen.state() == CommandState.PENDING;
    CommandRow next =
        pending
            ? CommandSteps.finished(
                seen, CommandState.CANCELLED, "cancelled by " + actor, null, now)
            : CommandSteps.cancelRequested(seen);
    if (!tx.commands().update(seen, next)) {
      return null;
    }
    if (pending) {
      writer.ended(tx, next, now);
    }
    return next;
  }

  @Override
  public CompletionStage<CommandRow> whenFinished(ClusterId cluster, CommandId id) {
    CompletableFuture<CommandRow> future = writer.await(cluster, id);
    try {
      CommandRow row = find(cluster, id).orElseThrow(() -> notFound(id));
      if (row.state().isFinal()) {
        future.complete(row);
      }
    } catch (RuntimeException e) {
      future.completeExceptionally(e);
    }
    return future;
  }

  static InvalidRequestException notFound(CommandId id) {
    return new InvalidRequestException(ErrorCode.NOT_FOUND, "there is no command " + id);
  }
}
