package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.RetryLaterException;
import cx.niro.core.protocol.CommandResult;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.RawJson;
import cx.niro.core.protocol.ResultReply;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Takes the outcomes of commands: the first one counts, repeats change nothing, late ones stay. */
final class ResultDesk {
  private static final int TRIES = 3;

  private final Stores stores;
  private final Platform platform;
  private final CommandWriter writer;

  ResultDesk(Stores stores, Platform platform, CommandWriter writer) {
    this.stores = stores;
    this.platform = platform;
    this.writer = writer;
  }

  private record Taken(CommandRow row, boolean finishedNow) {}

  /** In the lane. */
  ResultReply take(LiveCluster live, CommandId id, CommandResult result, Duration lease) {
    if (result.state().compareTo(CommandState.DELIVERED) < 0) {
      throw invalid("state must be running or final but was " + result.state().wireName());
    }
    Instant now = platform.now();
    Taken taken = null;
    for (int i = 0; i < TRIES && taken == null; i++) {
      taken = stores.inTransaction(tx -> take(tx, live.id, id, result, now, lease));
    }
    if (taken == null) {
      throw new RetryLaterException(
          ErrorCode.OVERLOADED, "other replicas keep changing command " + id);
    }
    if (taken.finishedNow()) {
      writer.finished(live, taken.row());
    }
    return new ResultReply(taken.row().state());
  }

  /** Null when another replica was faster: what it wrote is to be looked at first. */
  private @Nullable Taken take(
      StoreTx tx,
      ClusterId cluster,
      CommandId id,
      CommandResult result,
      Instant now,
      Duration lease) {
    CommandRow row = tx.commands().find(cluster, id).orElseThrow(() -> CommandDesk.notFound(id));
    if (row.state() == CommandState.PENDING || result.attempt() > row.attempt()) {
      throw invalid(
          "attempt " + result.attempt() + " was not offered; the newest is " + row.attempt());
    }
    if (row.state().isFinal()) {
      return new Taken(afterTheEnd(tx, row, result, now), false);
    }
    if (isOvertaken(row, result)) {
      return new Taken(row, false);
    }
    boolean ended = result.state().isFinal();
    CommandRow next =
        ended
            ? CommandSteps.finished(row, result.state(), reason(row, result), result.output(), now)
            : CommandSteps.held(row, result.state(), now.plus(lease));
    if (!tx.commands().update(row, next)) {
      return null;
    }
    if (ended) {
      writer.ended(tx, next, now);
    }
    return new Taken(next, ended);
  }

  /**
   * A newer process has the command now: of the one before only a success ends it, for what
   * disturbed it may have been the newer one.
   */
  private static boolean isOvertaken(CommandRow row, CommandResult result) {
    CommandRow.Offer offer = row.offer();
    return result.attempt() < row.attempt()
        && offer != null
        && !offer.bootId().equals(result.bootId())
        && result.state() != CommandState.SUCCEEDED;
  }

  private static String reason(CommandRow row, CommandResult result) {
    String said = result.reason();
    return said == null || said.isBlank()
        ? "the agent reported " + result.state().wireName() + " at attempt " + row.attempt()
        : said;
  }

  /** A repeat of what is stored changes nothing; another outcome is kept beside it, once. */
  private static CommandRow afterTheEnd(
      StoreTx tx, CommandRow row, CommandResult result, Instant now) {
    boolean repeat = row.state() == result.state() && !endedByServer(row);
    if (repeat || row.lateResult() != null || !result.state().isFinal()) {
      return row;
    }
    CommandRow next = CommandSteps.withLateResult(row, late(result));
    if (!tx.commands().update(row, next)) {
      return row;
    }
    tx.timeline().append(Entries.commandLate(row, result, now));
    return next;
  }

  static boolean endedByServer(CommandRow row) {
    String reason = row.reason();
    return reason != null
        && (reason.startsWith(CommandSteps.AGENT_LOST)
            || reason.startsWith(CommandSteps.OUTCOME_UNKNOWN));
  }

  private static RawJson late(CommandResult result) {
    RawJson output = result.output() == null ? RawJson.EMPTY : result.output();
    return new RawJson(
        "{\"state\":\"" + result.state().wireName() + "\",\"output\":" + output.text() + "}");
  }

  private static InvalidRequestException invalid(String detail) {
    return new InvalidRequestException(ErrorCode.INVALID_FIELD, detail);
  }
}
