package cx.niro.server.internal;

import cx.niro.core.BootId;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.Protocol;
import cx.niro.core.protocol.RawJson;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.CommandRow.Offer;
import cx.niro.server.spi.CommandRow.Request;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The single steps of a command's life, as values. */
final class CommandSteps {
  static final String AGENT_LOST = "agent_lost: ";
  static final String OUTCOME_UNKNOWN = "outcome_unknown: ";

  private CommandSteps() {}

  /** Handed to an agent process, once more. */
  static CommandRow offered(CommandRow row, BootId bootId, Instant now) {
    Offer offer = new Offer(bootId, now, now.plus(Protocol.OFFER_LEASE));
    return copy(row, row.request(), CommandState.OFFERED, row.attempt() + 1, offer, row.reason());
  }

  /** The agent said that it holds it; states only move forward. */
  static CommandRow held(CommandRow row, CommandState said, Instant leaseUntil) {
    Offer offer = row.offer();
    boolean forward = said.compareTo(row.state()) > 0 && !said.isFinal();
    CommandState least = row.state() == CommandState.OFFERED ? CommandState.DELIVERED : row.state();
    CommandState state = forward ? said : least;
    Offer renewed = offer == null ? null : new Offer(offer.bootId(), offer.offeredAt(), leaseUntil);
    return copy(row, row.request(), state, row.attempt(), renewed, row.reason());
  }

  /** Its process holds it no longer. */
  static CommandRow released(CommandRow row, Offer offer, Instant now) {
    Offer over = new Offer(offer.bootId(), offer.offeredAt(), now);
    return copy(row, row.request(), row.state(), row.attempt(), over, row.reason());
  }

  static CommandRow cancelRequested(CommandRow row) {
    return new CommandRow(
        row.id(),
        row.cluster(),
        row.request(),
        row.state(),
        row.attempt(),
        row.offer(),
        true,
        "cancellation was requested; the agent has not answered yet",
        row.output(),
        row.lateResult(),
        row.finishedAt());
  }

  /** The end; of the payload only what recognises a repeat stays. */
  static CommandRow finished(
      CommandRow row,
      CommandState state,
      @Nullable String reason,
      @Nullable RawJson output,
      Instant now) {
    return new CommandRow(
        row.id(),
        row.cluster(),
        row.request().withoutText(),
        state,
        row.attempt(),
        row.offer(),
        row.cancelRequested(),
        reason,
        output,
        row.lateResult(),
        now);
  }

  /** What it said is kept elsewhere. */
  static CommandRow withoutOutput(CommandRow row) {
    return new CommandRow(
        row.id(),
        row.cluster(),
        row.request(),
        row.state(),
        row.attempt(),
        row.offer(),
        row.cancelRequested(),
        row.reason(),
        null,
        row.lateResult(),
        row.finishedAt());
  }

  static CommandRow withLateResult(CommandRow row, RawJson result) {
    return new CommandRow(
        row.id(),
        row.cluster(),
        row.request(),
        row.state(),
        row.attempt(),
        row.offer(),
        row.cancelRequested(),
        row.reason(),
        row.output(),
        result,
        row.finishedAt());
  }

  private static CommandRow copy(
      CommandRow row,
      Request request,
      CommandState state,
      int attempt,
      @Nullable Offer offer,
      @Nullable String reason) {
    return new CommandRow(
        row.id(),
        row.cluster(),
        request,
        state,
        attempt,
        offer,
        row.cancelRequested(),
        reason,
        row.output(),
        row.lateResult(),
        row.finishedAt());
  }

  /** How long a lease lasts that the agent confirmed: over its next poll and a lost connection. */
  static Duration confirmedLease(Duration pollWait, Duration offlineAfter) {
    return pollWait.plus(offlineAfter);
  }
}
