package cx.niro.server.internal;

import cx.niro.core.BootId;
import cx.niro.core.CommandId;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.NiroException;
import cx.niro.core.RetryLaterException;
import cx.niro.core.protocol.CommandOffer;
import cx.niro.core.protocol.HeldCommand;
import cx.niro.core.protocol.PollReply;
import cx.niro.core.protocol.PollRequest;
import cx.niro.core.protocol.Protocol;
import cx.niro.server.AgentCaller;
import cx.niro.server.ServerOptions;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.StoreTx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Answers polls: at once when something is due, later as a parked future when nothing is. */
final class PollDesk {
  private static final int MOST_SLOTS = 64;

  /** A cancellation is told again only after a while, or a held command would make polls spin. */
  private static final Duration TELL_AGAIN = Duration.ofSeconds(10);

  private final ServerOptions options;
  private final Platform platform;
  private final LiveClusters clusters;
  private final Sessions sessions;
  private final CommandWriter writer;
  private final Work work;

  PollDesk(
      ServerOptions options,
      Platform platform,
      LiveClusters clusters,
      Sessions sessions,
      CommandWriter writer,
      Work work) {
    this.options = options;
    this.platform = platform;
    this.clusters = clusters;
    this.sessions = sessions;
    this.writer = writer;
    this.work = work;
  }

  /** In the lane. */
  CompletionStage<PollReply> poll(LiveCluster live, AgentCaller caller, PollRequest request) {
    ParkedPoll poll = new ParkedPoll(caller, request);
    see(live, request.bootId());
    replaceOlder(live, request);
    PollReply reply = attempt(live, poll);
    Duration wait = wait(request);
    if (isWorthSending(reply) || wait.isZero()) {
      poll.reply.complete(reply);
    } else {
      park(live, poll, wait);
    }
    return poll.reply;
  }

  /** A process may be seen here first; each one writes, so they are limited like beats. */
  void see(LiveCluster live, BootId bootId) {
    boolean known = bootId.equals(live.state().session().bootId());
    if (!known && !live.boots.take(platform.nanos().getAsLong())) {
      throw new RetryLaterException(
          ErrorCode.TOO_MANY_REQUESTS, "too many agent processes of one cluster");
    }
    sessions.retrying(
        live,
        () -> {
          sessions.see(live, bootId);
          return true;
        });
  }

  /** Only a poll of the same process is there: another one's ended when it was superseded. */
  private void replaceOlder(LiveCluster live, PollRequest request) {
    ParkedPoll older = takeParked(live);
    if (older == null) {
      return;
    }
    if (older.request.bootId().equals(request.bootId())) {
      answer(live, older, ParkedPoll.NOTHING);
    } else {
      supersede(live, older);
    }
  }

  private void park(LiveCluster live, ParkedPoll poll, Duration wait) {
    poll.untilNanos = platform.nanos().getAsLong() + wait.toNanos();
    live.parked = poll;
    Runnable expire = () -> work.run("end of a poll", () -> expire(live, poll));
    poll.timer = platform.scheduler().schedule(expire, wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void expire(LiveCluster live, ParkedPoll poll) {
    clusters.inLaneAsItIs(
        live,
        () -> {
          if (live.parked == poll) {
            live.parked = null;
            answer(live, poll, ParkedPoll.NOTHING);
          }
        });
  }

  /** In the lane: the answer itself is given after it. */
  private static void answer(LiveCluster live, ParkedPoll poll, PollReply reply) {
    live.afterLane.add(() -> poll.reply.complete(reply));
  }

  private static void refuse(LiveCluster live, ParkedPoll poll, NiroException why) {
    live.afterLane.add(() -> poll.reply.completeExceptionally(why));
  }

  /** In the lane: takes what is parked out, so that nobody else answers it. */
  private static @Nullable ParkedPoll takeParked(LiveCluster live) {
    ParkedPoll poll = live.parked;
    live.parked = null;
    if (poll == null || poll.reply.isDone()) {
      return null;
    }
    Future<?> timer = poll.timer;
    if (timer != null) {
      timer.cancel(false);
    }
    return poll;
  }

  /** Something may be due: looks again on the executor, once for any number of calls. */
  void wake(LiveCluster live) {
    if (live.wakePending.compareAndSet(false, true)) {
      work.run("waking a poll", () -> wakeNow(live));
    }
  }

  private void wakeNow(LiveCluster live) {
    live.wakePending.set(false);
    if (live.isDeleted()) {
      return;
    }
    clusters.inLane(
        live,
        () -> {
          ParkedPoll poll = live.parked;
          if (poll == null || poll.reply.isDone() || isOver(poll)) {
            return false;
          }
          PollReply reply = attempt(live, poll);
          if (isWorthSending(reply) && takeParked(live) == poll) {
            answer(live, poll, reply);
          }
          return true;
        });
  }

  /** After a pause of this process: nobody may be there to be offered anything. */
  private boolean isOver(ParkedPoll poll) {
    return platform.nanos().getAsLong() - poll.untilNanos > 0;
  }

  /**
   * A process has ended; what a superseded one held is offered to the current one. Anybody with the
   * key may say so of any process, so that more than a few wait for the end of their leases. In the
   * lane.
   */
  void left(LiveCluster live, BootId bootId) {
    boolean current = bootId.equals(live.state().session().bootId());
    if (!current && live.goodbyes.take(platform.nanos().getAsLong())) {
      Instant now = platform.now();
      writer.carryOut(
          live, open -> CommandPlan.forGoodbye(open, live.boot(), bootId, now), tx -> List.of());
      live.afterLane.add(() -> wake(live));
    }
  }

  /** The process that parked a poll is not current any more; in the lane. */
  void endSuperseded(LiveCluster live) {
    ParkedPoll poll = live.parked;
    if (poll != null && !poll.request.bootId().equals(live.state().session().bootId())) {
      takeParked(live);
      supersede(live, poll);
    }
  }

  private void supersede(LiveCluster live, ParkedPoll poll) {
    var superseded = Sessions.supersededBy(live.state().session(), poll.request.bootId());
    refuse(live, poll, superseded);
  }

  /** The key of a parked poll may be dead; in the lane. */
  void endRevoked(LiveCluster live, boolean certainly, AgentKeys keys) {
    ParkedPoll poll = live.parked;
    if (poll == null) {
      return;
    }
    if (certainly || keys.isRevoked(poll.caller)) {
      takeParked(live);
      refuse(live, poll, LiveClusters.revoked());
    }
  }

  /** The cluster is gone, and with it every key; in the lane. */
  static void endDeleted(LiveCluster live) {
    ParkedPoll poll = takeParked(live);
    if (poll != null) {
      refuse(live, poll, LiveClusters.revoked());
    }
  }

  /** Answers what is parked, on this thread, with a time before which it should not come back. */
  void letGo(LiveCluster live, long notBeforeMillis) {
    ParkedPoll poll = live.lane.call(() -> takeParked(live));
    if (poll != null) {
      poll.reply.complete(new PollReply(List.of(), List.of(), List.of(), notBeforeMillis));
    }
  }

  private PollReply attempt(LiveCluster live, ParkedPoll poll) {
    return hasNoCommands(live, poll.request) ? justTransients(live) : planned(live, poll);
  }

  /**
   * Whether the store need not be asked, which most polls of a large fleet would do in vain. Only
   * this process writes to stores that are not shared, and whoever is due for nothing has no open
   * command.
   */
  private boolean hasNoCommands(LiveCluster live, PollRequest request) {
    return !writer.isShared() && live.commandsDueAt == null && request.holding().isEmpty();
  }

  private static PollReply justTransients(LiveCluster live) {
    List<CommandOffer> offers = new ArrayList<>();
    takeTransients(live, offers);
    return offers.isEmpty()
        ? ParkedPoll.NOTHING
        : new PollReply(offers, List.of(), List.of(), null);
  }

  private PollReply planned(LiveCluster live, ParkedPoll poll) {
    Instant now = platform.now();
    PollRequest request = poll.request;
    CommandWriter.Result result =
        writer.carryOut(
            live,
            open ->
                CommandPlan.forPoll(
                    open, live.boot(), request, slots(request), confirmedLease(live), now),
            tx -> confirmed(tx, live, request));
    List<CommandOffer> offers = new ArrayList<>(result.offers());
    takeTransients(live, offers);
    return new PollReply(
        offers, newlyTold(live, result.plan().cancels(), now), result.confirmed(), null);
  }

  /** Offered once, whatever becomes of it, and not counted among the slots. */
  private static void takeTransients(LiveCluster live, List<CommandOffer> offers) {
    for (var next = live.transients.poll(); next != null; next = live.transients.poll()) {
      CommandOffer offer = next.get();
      if (offer != null) {
        offers.add(offer);
      }
    }
  }

  /** How long a lease lasts that the agent has confirmed. */
  Duration confirmedLease(LiveCluster live) {
    return CommandSteps.confirmedLease(
        Protocol.POLL_WAIT_LIMIT, live.state().offlineAfter(options));
  }

  private static List<CommandId> newlyTold(LiveCluster live, List<CommandId> cancels, Instant now) {
    List<CommandId> told = new ArrayList<>();
    for (CommandId id : cancels) {
      Instant before = live.cancelsTold.get(id);
      if (before == null || !before.plus(TELL_AGAIN).isAfter(now)) {
        live.cancelsTold.put(id, now);
        told.add(id);
      }
    }
    return told;
  }

  /** Results that are stored already: the agent may forget them. */
  private static List<CommandId> confirmed(StoreTx tx, LiveCluster live, PollRequest request) {
    return request.holding().stream()
        .filter(held -> held.state().isFinal())
        .filter(held -> isStored(tx.commands().find(live.id, held.id()), held))
        .map(HeldCommand::id)
        .toList();
  }

  private static boolean isStored(Optional<CommandRow> row, HeldCommand held) {
    if (row.isEmpty() || row.get().lateResult() != null) {
      return true;
    }
    return row.get().state() == held.state() && !ResultDesk.endedByServer(row.get());
  }

  private static boolean isWorthSending(PollReply reply) {
    return !reply.commands().isEmpty() || !reply.cancel().isEmpty() || !reply.confirmed().isEmpty();
  }

  private static int slots(PollRequest request) {
    Integer asked = request.slots();
    return asked == null ? Protocol.POLL_SLOTS : Math.max(0, Math.min(asked, MOST_SLOTS));
  }

  private Duration wait(PollRequest request) {
    Integer asked = request.waitSeconds();
    if (asked == null) {
      return options.pollWait();
    }
    if (asked < 0) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_FIELD, "waitSeconds must not be negative but was " + asked);
    }
    return Duration.ofSeconds(Math.min(asked, Protocol.POLL_WAIT_LIMIT.toSeconds()));
  }
}
