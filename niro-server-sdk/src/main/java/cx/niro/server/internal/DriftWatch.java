package cx.niro.server.internal;

import cx.niro.core.NiroException;
import cx.niro.core.managed.DriftState;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.DeploymentRow;
import cx.niro.server.spi.DeploymentRow.Drift;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks agents to compare what they have marked as changed ({@link DriftPace} says when), a few
 * deployments of a cluster at a time.
 */
final class DriftWatch {
  /** Who sends these commands. */
  static final String ACTOR = "niro-drift";

  private static final Logger LOG = LoggerFactory.getLogger(DriftWatch.class);
  private static final Duration DEADLINE = Duration.ofMinutes(10);

  /** When nothing could be sent, if nothing happens before. */
  private static final Duration AGAIN = Duration.ofMinutes(1);

  /** An agent's workers and the room for commands are for its users too. */
  private static final int AT_ONCE = 2;

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
    List<DeploymentRow> rows = rows(live);
    DriftPlan plan = DriftPlan.of(rows, sight.told(), now);
    sight.nextAt(plan.nextAt());
    if (!plan.unknown().isEmpty()) {
      stores.inTransaction(tx -> forget(tx, plan.unknown(), now));
      sight.rows(null);
    }
    for (DeploymentRow row : plan.looks()) {
      send(live, row, Objects.requireNonNull(sight.told().mark(row.name())));
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

  private void send(LiveCluster live, DeploymentRow row, String mark) {
    try {
      CommandRow sent =
          stores.inTransaction(tx -> mayLook(tx, row) ? asked(tx, live, row, mark) : null);
      if (sent == null) {
        live.drift.within(platform.now().plus(AGAIN));
      } else {
        live.drift.rows(null);
        commands.inserted(live, sent);
      }
    } catch (NiroException | IllegalStateException e) {
      live.drift.within(platform.now().plus(AGAIN));
      LOG.info("drift of {} on {} is looked for later: {}", row.name(), live.id, e.getMessage());
    }
  }

  /** What is under way for the deployment, or by us, makes us look again when it ends. */
  private static boolean mayLook(StoreTx tx, DeploymentRow row) {
    List<CommandRow> open = tx.commands().open(row.cluster());
    String key = DeploymentEnds.orderKey(row.name());
    return open.stream().noneMatch(command -> key.equals(command.request().orderKey()))
        && open.stream().filter(c -> c.request().createdBy().equals(ACTOR)).count() < AT_ONCE;
  }

  private @Nullable CommandRow asked(
      StoreTx tx, LiveCluster live, DeploymentRow seen, String mark) {
    DeploymentRow row = tx.deployments().find(live.id, seen.name()).orElse(null);
    Instant now = platform.now();
    Instant at = row == null ? null : DriftPace.nextLook(row, mark);
    if (row == null || at == null || at.isAfter(now)) {
      live.drift.rows(null);
      return null;
    }
    CommandRow made = sender.comparison(tx, live, row, new ApplySender.Asking(ACTOR, DEADLINE));
    CommandDesk.insert(tx, made);
    DeploymentRules.update(tx, row, row.with(DriftPace.asked(row.look(), made.id(), mark, now)));
    return made;
  }
}
