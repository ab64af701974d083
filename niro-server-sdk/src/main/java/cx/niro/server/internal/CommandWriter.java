package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.IncidentId;
import cx.niro.core.protocol.CommandOffer;
import cx.niro.core.protocol.RawJson;
import cx.niro.server.internal.managed.Payloads;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes steps of commands in one transaction and tells whoever waits for their end. */
final class CommandWriter {
  private static final Logger LOG = LoggerFactory.getLogger(CommandWriter.class);

  /** When the store could not be read. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  private final Stores stores;
  private final Platform platform;
  private final Announcer announcer;
  private final Parts parts;
  private final Map<Awaited, List<CompletableFuture<CommandRow>>> waiters =
      new ConcurrentHashMap<>();

  CommandWriter(Stores stores, Platform platform, Announcer announcer, Parts parts) {
    this.stores = stores;
    this.platform = platform;
    this.announcer = announcer;
    this.parts = parts;
  }

  /** Those who have a share in commands. */
  record Parts(Payloads payloads, DeploymentEnds deployments) {}

  /** Whether others write commands to the same stores. */
  boolean isShared() {
    return stores.isShared();
  }

  Payloads payloads() {
    return parts.payloads();
  }

  /** Tells the timeline, or its deployment, in the transaction that ends the command. */
  void ended(StoreTx tx, CommandRow row, Instant now) {
    if (!parts.deployments().take(tx, row, now)) {
      tx.timeline().append(Entries.commandFinished(row, now));
    }
  }

  private record Awaited(ClusterId cluster, CommandId command) {}

  private record Written(
      CommandPlan plan,
      List<CommandOffer> offers,
      List<CommandRow> finished,
      List<CommandRow> open,
      List<CommandId> confirmed) {}

  /** What was written of a plan. */
  record Result(CommandPlan plan, List<CommandOffer> offers, List<CommandId> confirmed) {}

  /** Asks the store what else a poll's {@code holding} means. */
  interface Extra {
    List<CommandId> confirmed(StoreTx tx);
  }

  /** Plans on the open rows and writes the plan, in one transaction; in the lane. */
  Result carryOut(LiveCluster live, Function<List<CommandRow>, CommandPlan> planner, Extra extra) {
    Instant now = platform.now();
    if (live.incidentsUnread) {
      showStored(live);
    }
    Written written =
        stores.inTransaction(
            tx -> {
              List<CommandRow> open = tx.commands().open(live.id);
              CommandPlan plan = planner.apply(open);
              return write(tx, live.id, plan, open, extra.confirmed(tx), now);
            });
    Instant next = CommandPlan.nextDue(written.open(), live.boot(), now);
    live.commandsDueAt = live.incidentsUnread ? now.plus(LOOK_AGAIN) : next;
    written.finished().forEach(row -> finished(live, row));
    return new Result(written.plan(), written.offers(), written.confirmed());
  }

  private Written write(
      StoreTx tx,
      ClusterId cluster,
      CommandPlan plan,
      List<CommandRow> open,
      List<CommandId> confirmed,
      Instant now) {
    Set<CommandId> lost = new HashSet<>();
    List<CommandRow> finished = new ArrayList<>();
    for (CommandPlan.Change change : plan.changes()) {
      if (!tx.commands().update(change.seen(), change.next())) {
        lost.add(change.seen().id());
      } else if (change.next().state().isFinal()) {
        ended(tx, change.next(), now);
        finished.add(change.next());
      }
    }
    List<CommandRow> after = plan.changes().isEmpty() ? open : tx.commands().open(cluster);
    return new Written(plan, offers(tx, plan, lost), finished, after, confirmed);
  }

  /** Payloads are read for what is offered only. */
  private List<CommandOffer> offers(StoreTx tx, CommandPlan plan, Set<CommandId> lost) {
    List<CommandOffer> offers = new ArrayList<>();
    for (CommandRow row : plan.offers()) {
      RawJson payload =
          lost.contains(row.id())
              ? null
              : tx.commands().find(row.cluster(), row.id()).map(this::opened).orElse(null);
      if (payload != null) {
        offers.add(plan.offerOf(row, payload));
      }
    }
    return offers;
  }

  /** Null when it cannot be opened; then its attempts run out. */
  private @Nullable RawJson opened(CommandRow found) {
    RawJson stored = found.request().payload().text();
    try {
      return stored == null ? null : parts.payloads().open(found.id(), stored);
    } catch (IllegalStateException e) {
      LOG.warn("the payload of command {} cannot be opened: {}", found.id(), e.getMessage());
      return null;
    }
  }

  /** Looks after the deadlines of a row that was written elsewhere; in the lane. */
  void due(LiveCluster live, CommandRow row) {
    Instant due = CommandPlan.nextDue(List.of(row), live.boot(), platform.now());
    Instant known = live.commandsDueAt;
    if (due != null && (known == null || due.isBefore(known))) {
      live.commandsDueAt = due;
    }
  }

  /** Tells listeners and waiters of a command that has ended; in the lane. */
  void finished(LiveCluster live, CommandRow row) {
    live.cancelsTold.remove(row.id());
    announcer.announce(live, listener -> listener.commandFinished(row));
    live.afterLane.add(() -> completeWaiters(row));
    if (DeploymentEnds.isOfDeployment(row) && !live.isDeleted()) {
      live.drift.ended(platform.now());
      showStored(live);
    }
  }

  /** What is written stays written, also where it can only be read again a little later. */
  private void showStored(LiveCluster live) {
    try {
      showIncidents(live);
    } catch (RuntimeException e) {
      LOG.warn("incidents of {} are shown later: {}", live.id, e.getMessage());
      live.incidentsUnread = true;
      live.commandsDueAt = platform.now().plus(LOOK_AGAIN);
    }
  }

  /** Takes over into memory what the end of a command wrote of incidents; in the lane. */
  void showIncidents(LiveCluster live) {
    List<IncidentRow> before = live.state().incidents();
    List<IncidentRow> resolved = new ArrayList<>();
    List<IncidentRow> open =
        stores.inTransaction(
            tx -> {
              List<IncidentRow> still = tx.incidents().openOf(live.id);
              Set<IncidentId> there = ids(still);
              resolved.clear();
              before.stream()
                  .filter(row -> !there.contains(row.id()))
                  .flatMap(row -> tx.incidents().find(row.id()).stream())
                  .filter(row -> !row.isOpen())
                  .forEach(resolved::add);
              return still;
            });
    live.become(live.state().with(open));
    live.incidentsUnread = false;
    Set<IncidentId> known = ids(before);
    open.stream()
        .filter(row -> !known.contains(row.id()))
        .forEach(row -> announcer.announce(live, listener -> listener.incidentOpened(row)));
    resolved.forEach(row -> announcer.announce(live, listener -> listener.incidentResolved(row)));
  }

  private static Set<IncidentId> ids(List<IncidentRow> rows) {
    return rows.stream().map(IncidentRow::id).collect(Collectors.toSet());
  }

  /** Forgotten when it is done, also when its taker has cancelled it. */
  CompletableFuture<CommandRow> await(ClusterId cluster, CommandId id) {
    Awaited awaited = new Awaited(cluster, id);
    CompletableFuture<CommandRow> future = new CompletableFuture<>();
    waiters.merge(awaited, List.of(future), CommandWriter::both);
    var unused = future.whenComplete((row, failure) -> forget(awaited, future));
    return future;
  }

  private static <T> List<T> both(List<T> some, List<T> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }

  private void forget(Awaited awaited, CompletableFuture<CommandRow> future) {
    waiters.computeIfPresent(
        awaited,
        (key, all) -> {
          List<CompletableFuture<CommandRow>> left =
              all.stream().filter(other -> other != future).toList();
          return left.isEmpty() ? null : left;
        });
  }

  /** Outside of every lane: commands that are waited for here may have ended elsewhere. */
  void lookAtAwaited(ClusterId cluster) {
    for (Awaited awaited : waiters.keySet()) {
      if (awaited.cluster().equals(cluster)) {
        stores
            .inTransaction(tx -> tx.commands().find(cluster, awaited.command()))
            .filter(row -> row.state().isFinal())
            .ifPresent(this::completeWaiters);
      }
    }
  }

  /** Outside of every lane. */
  private void completeWaiters(CommandRow row) {
    List<CompletableFuture<CommandRow>> waiting =
        waiters.remove(new Awaited(row.cluster(), row.id()));
    if (waiting != null) {
      waiting.forEach(future -> future.complete(row));
    }
  }
}
