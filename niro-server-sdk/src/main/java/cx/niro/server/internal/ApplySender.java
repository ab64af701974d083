package cx.niro.server.internal;

import cx.niro.core.CommandId;
import cx.niro.core.managed.ApplyOptions;
import cx.niro.core.managed.ApplyRequest;
import cx.niro.core.managed.DiffRequest;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.protocol.RawJson;
import cx.niro.server.Commands.CommandRequest;
import cx.niro.server.Deployments;
import cx.niro.server.internal.managed.Manifests;
import cx.niro.server.manifest.ManifestSet;
import cx.niro.server.spi.ApplyRow;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.DeploymentRow;
import cx.niro.server.spi.DeploymentRow.Applied;
import cx.niro.server.spi.DeploymentRow.Status;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes what is wanted of a deployment and the command for it in one transaction; in the lane. */
final class ApplySender {
  /** Stands in a row between its making and its first apply, within one transaction. */
  static final CommandId NO_COMMAND = new CommandId("none");

  private static final NiroCodec CODEC = NiroCodec.create();

  private final Stores stores;
  private final CommandDesk commands;
  private final CommandWriter writer;
  private final Shared shared;

  /** What belongs to others too. */
  record Shared(Platform platform, Manifests manifests, DeploymentEnds ends) {}

  ApplySender(Stores stores, CommandDesk commands, CommandWriter writer, Shared shared) {
    this.stores = stores;
    this.commands = commands;
    this.writer = writer;
    this.shared = shared;
  }

  /**
   * What to apply.
   *
   * @param seen as it is stored; null for a new one
   * @param row as it is wanted now
   * @param set of its revision
   * @param fresh the same when the revision is new
   */
  record Order(
      @Nullable DeploymentRow seen,
      DeploymentRow row,
      ManifestSet set,
      @Nullable ManifestSet fresh,
      ApplyOptions options,
      String actor) {}

  /** Another command about a deployment, which was read as {@code seen}. */
  record Errand(DeploymentRow seen, DeploymentRow row, String kind, Object payload) {}

  /** Who asks for it, and how long he waits for its end. */
  record Asking(String actor, Duration deadline) {}

  private record Run(CommandRow command, List<CommandRow> superseded) {}

  /**
   * What was written.
   *
   * @param last the newest apply with a report
   */
  record Done(
      DeploymentRow row,
      CommandRow command,
      ManifestSet set,
      @Nullable ApplyRow last,
      List<CommandRow> superseded) {}

  /** What outlives one apply of its options. */
  record Kept(List<String> cedeTo) {}

  static String text(List<String> cedeTo) {
    return Manifests.text(new Kept(cedeTo));
  }

  static List<String> cedeTo(DeploymentRow row) {
    byte[] json = row.wanted().options().getBytes(StandardCharsets.UTF_8);
    return CODEC.decode(Kept.class, json).cedeTo();
  }

  Done send(LiveCluster live, Function<StoreTx, Order> orders) {
    Done done = stores.inTransaction(tx -> write(tx, live, orders.apply(tx)));
    done.superseded().forEach(row -> writer.finished(live, row));
    live.drift.rows(null);
    commands.inserted(live, done.command());
    return done;
  }

  private Done write(StoreTx tx, LiveCluster live, Order order) {
    DeploymentRow wanted = order.row();
    CommandRow command = prepared(live, order);
    Instant now = shared.platform().now();
    List<CommandRow> superseded = supersede(tx, wanted, now);
    CommandDesk.insert(tx, command);
    Applied was = wanted.applied();
    DeploymentRow row =
        wanted.with(
            new Applied(was.attempt() + 1, Status.PENDING, command.id(), null, was.lastSyncAt()));
    DeploymentRow seen = order.seen();
    if (seen != null) {
      DeploymentRules.update(tx, seen, row);
    } else if (!tx.deployments().insert(row)) {
      throw DeploymentRules.taken(row.name());
    }
    ApplyRow apply = apply(row, command, now);
    if (order.fresh() != null) {
      long revision = row.wanted().revision();
      String text = shared.manifests().seal(row.id(), revision, order.fresh());
      tx.applies().putManifests(row.id(), revision, text);
    }
    tx.applies().append(apply);
    superseded.forEach(over -> writer.ended(tx, over, now));
    tx.timeline().append(DeploymentEntries.sent(row, apply));
    return new Done(row, command, order.set(), lastApply(tx, row), superseded);
  }

  /** The newest apply with a report. */
  static @Nullable ApplyRow lastApply(StoreTx tx, DeploymentRow row) {
    return tx.applies()
        .find(row.applied().command())
        .filter(apply -> apply.report() != null)
        .or(
            () ->
                tx.applies().list(row.id()).stream()
                    .filter(apply -> apply.report() != null)
                    .findFirst())
        .orElse(null);
  }

  private static ApplyRow apply(DeploymentRow row, CommandRow command, Instant now) {
    return new ApplyRow(
        row.id(),
        row.applied().attempt(),
        row.wanted().revision(),
        command.id(),
        command.request().createdBy(),
        now,
        Status.PENDING,
        null,
        null,
        null);
  }

  private CommandRow prepared(LiveCluster live, Order order) {
    ApplyOptions given = order.options();
    Set<String> cedeTo = new LinkedHashSet<>(cedeTo(order.row()));
    cedeTo.addAll(given.cedeTo());
    List<String> all = List.copyOf(cedeTo);
    DeploymentRules.checkManagers(all);
    ApplyOptions options =
        new ApplyOptions(given.adopt(), given.forceConflicts(), given.removeData(), all);
    ApplyRequest request =
        new ApplyRequest(
            order.row().name(),
            order.row().namespace(),
            order.row().wanted().revision(),
            options,
            order.set().forAgents());
    Errand errand = new Errand(order.row(), order.row(), "apply", request);
    return prepared(live, errand, new Asking(order.actor(), Deployments.DEADLINE));
  }

  private CommandRow prepared(LiveCluster live, Errand errand, Asking asking) {
    return commands.prepared(
        live,
        new CommandRequest(
            errand.kind(),
            new RawJson(Manifests.text(errand.payload())),
            asking.deadline(),
            null,
            DeploymentEnds.orderKey(errand.row().name())),
        asking.actor());
  }

  /** A comparison of the cluster with what is wanted now, ready to be inserted. */
  CommandRow comparison(StoreTx tx, LiveCluster live, DeploymentRow row, Asking asking) {
    return prepared(live, comparison(tx, row), asking);
  }

  Errand comparison(StoreTx tx, DeploymentRow row) {
    long revision = row.wanted().revision();
    ManifestSet set = open(tx, row, revision);
    return new Errand(
        row,
        row,
        "diff",
        new DiffRequest(row.name(), row.namespace(), revision, cedeTo(row), set.forAgents()));
  }

  /** The same; null when the key that sealed them is gone. */
  @Nullable ManifestSet openIfPossible(StoreTx tx, DeploymentRow row, long revision) {
    boolean opens =
        tx.applies().manifests(row.id(), revision).map(shared.manifests()::opens).orElse(true);
    return opens ? open(tx, row, revision) : null;
  }

  /** The manifests of a revision that is kept. */
  ManifestSet open(StoreTx tx, DeploymentRow row, long revision) {
    return tx.applies()
        .manifests(row.id(), revision)
        .map(text -> shared.manifests().open(row.id(), revision, text))
        .orElseThrow(
            () ->
                DeploymentRules.invalid(
                    "revision " + revision + " of " + row.name() + " is not kept"));
  }

  /** Ends what no agent has taken yet and nobody wants any more. */
  private List<CommandRow> supersede(StoreTx tx, DeploymentRow row, Instant now) {
    List<CommandRow> superseded = new ArrayList<>();
    String key = DeploymentEnds.orderKey(row.name());
    for (CommandRow open : tx.commands().open(row.cluster())) {
      if (open.state() == CommandState.PENDING && key.equals(open.request().orderKey())) {
        CommandRow over =
            CommandSteps.finished(
                open, CommandState.CANCELLED, "something newer took its place", null, now);
        if (tx.commands().update(open, over)) {
          superseded.add(over);
        }
      }
    }
    return superseded;
  }

  /** Sends a command that is no apply; one that deletes is the newest of its deployment. */
  CommandRow command(LiveCluster live, String actor, Function<StoreTx, Errand> errands) {
    Run run = stores.inTransaction(tx -> write(tx, live, actor, errands.apply(tx)));
    run.superseded().forEach(row -> writer.finished(live, row));
    live.drift.rows(null);
    commands.inserted(live, run.command());
    return run.command();
  }

  private Run write(StoreTx tx, LiveCluster live, String actor, Errand errand) {
    DeploymentRow row = errand.row();
    CommandRow made = prepared(live, errand, new Asking(actor, Deployments.DEADLINE));
    if (!row.wanted().deleted()) {
      CommandDesk.insert(tx, made);
      return new Run(made, List.of());
    }
    Instant now = made.request().createdAt();
    List<CommandRow> superseded = supersede(tx, row, now);
    CommandDesk.insert(tx, made);
    markDeleting(tx, errand, made);
    superseded.forEach(over -> writer.ended(tx, over, now));
    return new Run(made, superseded);
  }

  private static void markDeleting(StoreTx tx, Errand errand, CommandRow command) {
    DeploymentRow row = errand.row();
    Applied was = row.applied();
    Applied next = new Applied(was.attempt(), Status.PENDING, command.id(), null, was.lastSyncAt());
    DeploymentRow after = row.with(next);
    DeploymentRules.update(tx, errand.seen(), after);
    Instant at = command.request().createdAt();
    tx.timeline().append(DeploymentEntries.deletion(after, command, at, "is being deleted"));
  }

  void forget(LiveCluster live, Function<StoreTx, DeploymentRow> find, String actor) {
    Instant now = shared.platform().now();
    List<CommandRow> superseded =
        stores.inTransaction(
            tx -> {
              DeploymentRow row = find.apply(tx);
              List<CommandRow> over = supersede(tx, row, now);
              tx.deployments().delete(row.id());
              tx.timeline().append(DeploymentEntries.forgotten(row, actor, now));
              shared.ends().forgotten(tx, row, now);
              return over;
            });
    superseded.forEach(row -> writer.finished(live, row));
    live.drift.rows(null);
    writer.showIncidents(live);
  }
}
