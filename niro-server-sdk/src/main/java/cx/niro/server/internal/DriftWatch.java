package cx.niro.server.internal;

import cx.niro.core.NiroException;
import cx.niro.core.RetryLaterException;
import cx.niro.core.managed.DriftState;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.DeploymentRow;
import cx.niro.server.spi.DeploymentRow.Drift;
import cx.niro.server.spi.DeploymentRow.Look;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Asks agents to compare what they have marked as changed ({@link DriftPace} says when), a few
 * deployments of a cluster at a time.
 */
final class DriftWatch {
  /** Who sends these commands. */
  static final String ACTOR = "niro-drift";

  private static final Logger LOG = LoggerFactory.getLogger(DriftWatch.class);
  private static final Duration DEADLINE = Duration.ofMinutes(10);

  /** When somebody was faster, or the store could not be read. */
  private static final Duration SOON = Duration.ofSeconds(5);

  /** When not all could be sent, if nothing happens before. */
  private static final Duration AGAIN = Duration.ofMinutes(1);

  /** An agent's workers and the room for commands are for its users too. */
  private static final int AT_ONCE = 2;

  /** The lane is for others too, when none of many can be sent. */
  private static final int MOST_TRIES = 10;

  private final Stores stores;
  private final Platform platform;
  private final CommandDesk commands;
  private final ApplySender sender;

  DriftWatch(Stores stores, Platform platform, CommandDesk commands, ApplySender sender) {
    this.stores = stores;
    this.platform = platform;
    this.commands = commands;
    this.sender = sender;
  }

  /** In the lane; costs nothing while it is not due. */
  void look(LiveCluster live, BooleanSupplier heard) {
    DriftSight sight = live.drift;
    Instant now = platform.now();
    if (!sight.isDue(now)) {
      return;
    }
    if (!heard.getAsBoolean()) {
      sight.waitForBeat();
      return;
    }
    // What fails on the way is tried again then.
    sight.nextAt(now.plus(SOON));
    DriftPlan plan = DriftPlan.of(rows(live), sight.told(), now);
    if (!plan.unknown().isEmpty()) {
      sight.rows(null);
      stores.inTransaction(tx -> forget(tx, plan.unknown(), now));
    }
    boolean all = plan.looks().isEmpty() || ask(live, plan.looks());
    sight.nextAt(plan.nextAt());
    if (!all) {
      sight.within(now.plus(AGAIN));
    }
  }

  private List<DeploymentRow> rows(LiveCluster live) {
    List<DeploymentRow> known = live.drift.rows();
    List<DeploymentRow> rows =
        known == null ? stores.inTransaction(tx -> tx.deployments().list(live.id)) : known;
    live.drift.rows(rows);
    return rows;
  }

  /** Without the grant nobody can say. */
  private static boolean forget(StoreTx tx, List<DeploymentRow> rows, Instant now) {
    for (DeploymentRow row : rows) {
      Drift nothing = new Drift(DriftState.UNKNOWN, now, now, null);
      DeploymentRules.update(tx, row, row.with(nothing).with(DriftPace.anew(now)));
      if (row.drift() != null) {
        tx.timeline().append(DeploymentEntries.drift(row, DriftState.UNKNOWN, now));
      }
    }
    return true;
  }

  /** What is under way for a deployment, or by us, makes us look again when it ends. */
  private boolean ask(LiveCluster live, List<DeploymentRow> looks) {
    List<CommandRow> open = stores.inTransaction(tx -> tx.commands().open(live.id));
    Set<String> busy = new HashSet<>();
    open.forEach(command -> busy.add(Objects.requireNonNullElse(command.request().orderKey(), "")));
    long room = AT_ONCE - open.stream().filter(c -> c.request().createdBy().equals(ACTOR)).count();
    List<DeploymentRow> free =
        looks.stream()
            .filter(row -> !busy.contains(DeploymentEnds.orderKey(row.name())))
            .limit(MOST_TRIES)
            .toList();
    int sent = 0;
    for (DeploymentRow row : free) {
      sent += sent < room && send(live, row) ? 1 : 0;
    }
    return sent == looks.size();
  }

  private boolean send(LiveCluster live, DeploymentRow row) {
    String mark = Objects.requireNonNull(live.drift.told().mark(row.name()));
    live.drift.rows(null);
    try {
      CommandRow sent = stores.inTransaction(tx -> asked(tx, live, row.name(), mark));
      if (sent != null) {
        commands.inserted(live, sent);
      }
      return sent != null;
    } catch (RetryLaterException e) {
      LOG.debug("drift of {} on {} is looked for later: {}", row.name(), live.id, e.getMessage());
    } catch (NiroException | IllegalStateException e) {
      refused(live, row, mark, e);
    }
    return false;
  }

  /** Counts as a look that failed, so that it is tried ever less often. */
  private void refused(LiveCluster live, DeploymentRow seen, String mark, RuntimeException why) {
    stores.inTransaction(
        tx -> {
          DeploymentRow row = due(tx, live, seen.name(), mark);
          return row != null
              && tx.deployments()
                  .update(row, row.with(DriftPace.refused(row.look(), platform.now())));
        });
    Level level = DriftPace.hasFailed(seen.look()) ? Level.DEBUG : Level.INFO;
    LOG.atLevel(level)
        .log("drift of {} on {} is looked for later: {}", seen.name(), live.id, why.getMessage());
  }

  /** As it is stored; null when there is nothing to look for any more. */
  private @Nullable DeploymentRow due(StoreTx tx, LiveCluster live, String name, String mark) {
    DeploymentRow row = tx.deployments().find(live.id, name).orElse(null);
    Instant at = row == null ? null : DriftPace.nextLook(row, mark);
    return at == null || at.isAfter(platform.now()) ? null : row;
  }

  private @Nullable CommandRow asked(StoreTx tx, LiveCluster live, String name, String mark) {
    DeploymentRow row = due(tx, live, name, mark);
    if (row == null) {
      return null;
    }
    CommandRow made = sender.comparison(tx, live, row, new ApplySender.Asking(ACTOR, DEADLINE));
    CommandDesk.insert(tx, made);
    Look look = DriftPace.asked(row.look(), made.id(), mark, platform.now());
    DeploymentRules.update(tx, row, row.with(look));
    return made;
  }
}
