package cx.niro.server.internal;

import cx.niro.core.BootId;
import cx.niro.core.CommandId;
import cx.niro.core.protocol.CommandOffer;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.HeldCommand;
import cx.niro.core.protocol.Limits;
import cx.niro.core.protocol.PollRequest;
import cx.niro.core.protocol.Protocol;
import cx.niro.core.protocol.RawJson;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.CommandRow.Offer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What happens to the open commands of a cluster at one moment: a pure function of the rows, the
 * session, perhaps a poll, and the time.
 */
final class CommandPlan {
  /** How long a superseded process may still report what it holds. */
  private static final Duration HAND_OVER = Protocol.OFFER_LEASE;

  /** Payloads of several offers in one answer. */
  private static final long SEVERAL_BYTES = Limits.POLL_REPLY_BYTES / 2;

  /** A step to be written: conditional on the row still being {@code seen}. */
  record Change(CommandRow seen, CommandRow next) {}

  /** Who is current, and since when. */
  record Boot(@Nullable BootId current, @Nullable Instant supersededAt) {}

  private final Boot boot;
  private final Instant now;
  private final List<Change> changes = new ArrayList<>();
  private final List<CommandRow> offers = new ArrayList<>();
  private final List<CommandId> cancels = new ArrayList<>();
  private final Set<String> busyKeys = new HashSet<>();
  private final Duration confirmedLease;

  private CommandPlan(Boot boot, Duration confirmedLease, Instant now) {
    this.boot = boot;
    this.confirmedLease = confirmedLease;
    this.now = now;
  }

  /** Time alone: what is over is ended. */
  static CommandPlan forTime(List<CommandRow> open, Boot boot, Instant now) {
    CommandPlan plan = new CommandPlan(boot, Duration.ZERO, now);
    open.forEach(plan::expire);
    return plan;
  }

  /** A process has ended that is not current any more: nobody waits for what it held. */
  static CommandPlan forGoodbye(List<CommandRow> open, Boot boot, BootId gone, Instant now) {
    CommandPlan plan = new CommandPlan(boot, Duration.ZERO, now);
    for (CommandRow row : open) {
      Offer offer = row.offer();
      if (offer != null && offer.bootId().equals(gone) && offer.leaseUntil().isAfter(now)) {
        plan.changes.add(new Change(row, CommandSteps.released(row, offer, now)));
      }
    }
    return plan;
  }

  /** A poll of the current process: {@code open} is oldest first. */
  static CommandPlan forPoll(
      List<CommandRow> open,
      Boot boot,
      PollRequest poll,
      int slots,
      Duration confirmedLease,
      Instant now) {
    CommandPlan plan = new CommandPlan(boot, confirmedLease, now);
    Map<CommandId, HeldCommand> held = new HashMap<>();
    poll.holding().forEach(command -> held.put(command.id(), command));
    List<CommandRow> again = new ArrayList<>();
    for (CommandRow row : open) {
      plan.standing(row, poll.bootId(), held.get(row.id()), again);
    }
    plan.offer(again, poll.bootId(), slots);
    plan.offer(
        open.stream().filter(row -> row.state() == CommandState.PENDING).toList(),
        poll.bootId(),
        slots);
    return plan;
  }

  /** A row that some process was offered: renew, end, or offer again. */
  private void standing(
      CommandRow row, BootId bootId, @Nullable HeldCommand held, List<CommandRow> again) {
    Offer offer = row.offer();
    if (row.state() == CommandState.PENDING || offer == null || expire(row)) {
      return;
    }
    String orderKey = row.request().orderKey();
    if (orderKey != null) {
      busyKeys.add(orderKey);
    }
    if (held != null) {
      renew(row, held);
    } else if (offer.bootId().equals(bootId)) {
      notHeld(row, again);
    } else if (!leaseEnd(offer).isAfter(now)) {
      ofLostProcess(row, again);
    }
  }

  private void renew(CommandRow row, HeldCommand held) {
    Offer offer = row.offer();
    Instant until = now.plus(confirmedLease);
    CommandRow next = CommandSteps.held(row, held.state(), until);
    boolean moved = next.state() != row.state();
    if (moved || (offer != null && offer.leaseUntil().isBefore(until.minusSeconds(15)))) {
      changes.add(new Change(row, next));
    }
    if (row.cancelRequested() && !held.state().isFinal()) {
      cancels.add(row.id());
    }
  }

  /** The process that it was offered to says that it does not hold it: the offer was lost. */
  private void notHeld(CommandRow row, List<CommandRow> again) {
    if (row.cancelRequested()) {
      end(row, CommandState.CANCELLED, "cancelled; the agent does not hold it");
    } else if (!row.request().deadlineAt().isAfter(now)) {
      end(row, CommandState.EXPIRED, "the deadline passed and the agent does not hold it");
    } else if (row.attempt() >= Protocol.COMMAND_ATTEMPTS) {
      lost(row);
    } else {
      again.add(row);
    }
  }

  /** The process that it was offered to is gone, and this kind may be given to another one. */
  private void ofLostProcess(CommandRow row, List<CommandRow> again) {
    if (row.cancelRequested()) {
      unknown(row, "it was to be cancelled when the agent process that held it went away");
    } else {
      again.add(row);
    }
  }

  /** Ends what time has ended; true when it did. */
  private boolean expire(CommandRow row) {
    boolean late = !row.request().deadlineAt().isAfter(now);
    Offer offer = row.state() == CommandState.PENDING ? null : row.offer();
    if (offer == null) {
      if (late) {
        end(row, CommandState.EXPIRED, "no agent took it before its deadline");
      }
      return late;
    }
    if (leaseEnd(offer).isAfter(now)) {
      return false;
    }
    boolean gone = !offer.bootId().equals(boot.current());
    if (gone && !row.request().idempotentKind()) {
      unknown(row, "the agent process that held it is gone");
    } else if (late) {
      unknown(row, "the agent did not report before the deadline");
    } else if (row.attempt() >= Protocol.COMMAND_ATTEMPTS) {
      lost(row);
    } else {
      return false;
    }
    return true;
  }

  private Instant leaseEnd(Offer offer) {
    Instant until = offer.leaseUntil();
    Instant supersededAt = boot.supersededAt();
    if (offer.bootId().equals(boot.current()) || supersededAt == null) {
      return until;
    }
    Instant handedOver = supersededAt.plus(HAND_OVER);
    return handedOver.isBefore(until) ? handedOver : until;
  }

  private void lost(CommandRow row) {
    end(
        row,
        CommandState.FAILED,
        CommandSteps.AGENT_LOST + "offered " + row.attempt() + " times without an answer");
  }

  private void unknown(CommandRow row, String why) {
    end(row, CommandState.FAILED, CommandSteps.OUTCOME_UNKNOWN + why);
  }

  private void end(CommandRow row, CommandState state, String reason) {
    changes.add(new Change(row, CommandSteps.finished(row, state, reason, null, now)));
    String orderKey = row.request().orderKey();
    if (orderKey != null) {
      busyKeys.remove(orderKey);
    }
  }

  /** Offers what there are slots, free order keys and room in the answer for. */
  private void offer(List<CommandRow> rows, BootId bootId, int slots) {
    long bytes = offers.stream().mapToLong(row -> row.request().payload().bytes()).sum();
    for (CommandRow row : rows) {
      if (row.state() == CommandState.PENDING && expire(row)) {
        continue;
      }
      String orderKey = row.request().orderKey();
      boolean again = row.state() != CommandState.PENDING;
      if (!again && orderKey != null && !busyKeys.add(orderKey)) {
        continue;
      }
      bytes += row.request().payload().bytes();
      if (offers.size() >= slots || (bytes > SEVERAL_BYTES && !offers.isEmpty())) {
        return;
      }
      CommandRow next = CommandSteps.offered(row, bootId, now);
      changes.add(new Change(row, next));
      offers.add(next);
    }
  }

  List<Change> changes() {
    return changes;
  }

  /** What to offer, without the payloads. */
  List<CommandRow> offers() {
    return offers;
  }

  List<CommandId> cancels() {
    return cancels;
  }

  CommandOffer offerOf(CommandRow row, RawJson payload) {
    Duration left = Duration.between(now, row.request().deadlineAt());
    return new CommandOffer(
        row.id(),
        row.request().kind(),
        payload,
        row.attempt(),
        Math.max(0, left.toSeconds()),
        row.request().orderKey());
  }

  /** When time alone would change something next; null for never. */
  static @Nullable Instant nextDue(List<CommandRow> open, Boot boot, Instant now) {
    CommandPlan plan = new CommandPlan(boot, Duration.ZERO, now);
    return open.stream().map(plan::due).min(Instant::compareTo).orElse(null);
  }

  private Instant due(CommandRow row) {
    Offer offer = row.state() == CommandState.PENDING ? null : row.offer();
    Instant deadline = row.request().deadlineAt();
    if (offer == null) {
      return deadline;
    }
    Instant lease = leaseEnd(offer);
    return lease.isAfter(now) || lease.isAfter(deadline) ? lease : deadline;
  }
}
