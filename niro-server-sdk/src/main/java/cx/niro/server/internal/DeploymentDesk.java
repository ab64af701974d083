package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.DeploymentId;
import cx.niro.core.managed.ApplyOptions;
import cx.niro.core.managed.DeleteRequest;
import cx.niro.server.Deployments;
import cx.niro.server.internal.managed.ManifestPolicies;
import cx.niro.server.internal.managed.Manifests;
import cx.niro.server.internal.managed.SecretValues;
import cx.niro.server.manifest.Manifest;
import cx.niro.server.manifest.ManifestSet;
import cx.niro.server.spi.ApplyRow;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.DeploymentRow;
import cx.niro.server.spi.DeploymentRow.Applied;
import cx.niro.server.spi.DeploymentRow.Status;
import cx.niro.server.spi.DeploymentRow.Wanted;
import cx.niro.server.spi.DeploymentStore;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The users' side of managed deployments. */
final class DeploymentDesk implements Deployments {
  /** Agents tell revisions; one that tells more leaves room to go on. */
  private static final long LAST_BELIEVED = 1_000_000_000_000L;

  private final Stores stores;
  private final Platform platform;
  private final LiveClusters clusters;
  private final ApplySender sender;
  private final Parts parts;

  /** What manifests go through. */
  record Parts(Manifests manifests, SecretValues secrets, ManifestPolicies policies) {}

  DeploymentDesk(
      Stores stores, Platform platform, LiveClusters clusters, ApplySender sender, Parts parts) {
    this.stores = stores;
    this.platform = platform;
    this.clusters = clusters;
    this.sender = sender;
    this.parts = parts;
  }

  @Override
  public Sent create(ClusterId cluster, Spec spec, ApplyOptions options, String actor) {
    return put(cluster, spec, options, actor, true);
  }

  @Override
  public Sent put(ClusterId cluster, Spec spec, ApplyOptions options, String actor) {
    return put(cluster, spec, options, actor, false);
  }

  private Sent put(
      ClusterId cluster, Spec spec, ApplyOptions options, String actor, boolean onlyNew) {
    parts.manifests().requireKey();
    DeploymentRules.check(spec);
    return send(
        cluster,
        tx -> {
          DeploymentRow there = tx.deployments().find(cluster, spec.name()).orElse(null);
          if (there != null && onlyNew) {
            throw DeploymentRules.taken(spec.name());
          }
          return there == null
              ? made(tx, cluster, spec, options, actor)
              : replaced(tx, there, spec, options, actor);
        });
  }

  private ApplySender.Order made(
      StoreTx tx, ClusterId cluster, Spec spec, ApplyOptions options, String actor) {
    if (tx.deployments().list(cluster).size() >= DeploymentStore.MOST) {
      throw DeploymentRules.invalid("deployments: a cluster has at most " + DeploymentStore.MOST);
    }
    Instant now = platform.now();
    DeploymentId id = new DeploymentId(platform.newId());
    ManifestSet set = parts.secrets().revealed(id, spec.manifests(), null);
    DeploymentRow row =
        new DeploymentRow(
            id,
            cluster,
            spec.name(),
            spec.namespace(),
            new DeploymentRow.Origin(actor, now),
            new Wanted(
                firstRevision(cluster, spec.name()), ApplySender.text(spec.cedeTo()), false, now),
            new Applied(0, Status.PENDING, ApplySender.NO_COMMAND, null, null),
            null,
            null);
    return new ApplySender.Order(null, row, set, set, options, actor);
  }

  /** After what an earlier deployment of the name left in the cluster, which refuses older ones. */
  private long firstRevision(ClusterId cluster, String name) {
    return 1
        + clusters.get(cluster).state().info().managed().stream()
            .filter(mark -> mark.name().equals(name))
            .mapToLong(mark -> Math.max(0, Math.min(mark.revision(), LAST_BELIEVED)))
            .max()
            .orElse(0);
  }

  private ApplySender.Order replaced(
      StoreTx tx, DeploymentRow there, Spec spec, ApplyOptions options, String actor) {
    requireKept(there);
    if (!there.namespace().equals(spec.namespace())) {
      throw DeploymentRules.invalid(
          "namespace is " + there.namespace() + " and cannot be changed; delete " + there.name());
    }
    ManifestSet stored = sender.openIfPossible(tx, there, there.wanted().revision());
    ManifestSet set = parts.secrets().revealed(there.id(), spec.manifests(), stored);
    boolean same = stored != null && objects(set).equals(objects(stored));
    return new ApplySender.Order(
        there,
        there.with(next(there, !same, ApplySender.text(spec.cedeTo()))),
        set,
        same ? null : set,
        options,
        actor);
  }

  private Wanted next(DeploymentRow there, boolean changed, String options) {
    Wanted was = there.wanted();
    return new Wanted(
        changed ? was.revision() + 1 : was.revision(), options, false, platform.now());
  }

  private static List<?> objects(ManifestSet set) {
    return set.manifests().stream().map(Manifest::object).toList();
  }

  private static void requireKept(DeploymentRow row) {
    if (row.wanted().deleted()) {
      throw DeploymentRules.beingDeleted(row.name());
    }
  }

  @Override
  public Sent apply(ClusterId cluster, String name, ApplyOptions options, String actor) {
    return send(
        cluster,
        tx -> {
          DeploymentRow row = kept(tx, cluster, name);
          ManifestSet set = sender.open(tx, row, row.wanted().revision());
          return new ApplySender.Order(row, row, set, null, options, actor);
        });
  }

  @Override
  public Sent rollback(
      ClusterId cluster, String name, long revision, ApplyOptions options, String actor) {
    return send(
        cluster,
        tx -> {
          DeploymentRow row = kept(tx, cluster, name);
          if (revision == row.wanted().revision()) {
            throw DeploymentRules.invalid(
                "revision " + revision + " is the one that is wanted now; apply it again");
          }
          ManifestSet set = sender.open(tx, row, revision);
          DeploymentRow next = row.with(next(row, true, row.wanted().options()));
          return new ApplySender.Order(row, next, set, set, options, actor);
        });
  }

  private DeploymentRow kept(StoreTx tx, ClusterId cluster, String name) {
    DeploymentRow row = there(tx, cluster, name);
    requireKept(row);
    return row;
  }

  private static DeploymentRow there(StoreTx tx, ClusterId cluster, String name) {
    return tx.deployments().find(cluster, name).orElseThrow(() -> DeploymentRules.notFound(name));
  }

  private Sent send(ClusterId cluster, Function<StoreTx, ApplySender.Order> orders) {
    LiveCluster live = clusters.get(cluster);
    ApplySender.Done done = clusters.inLaneForUser(live, () -> sender.send(live, orders));
    ClusterState state = live.state();
    DeploymentRow row = done.row();
    return new Sent(
        view(row, done.set(), done.last()),
        done.command(),
        parts
            .policies()
            .findings(
                done.set(),
                done.row().namespace(),
                state.policies().settings().context(state.row().environment()),
                state.info()));
  }

  @Override
  public CommandRow diff(ClusterId cluster, String name, String actor) {
    LiveCluster live = clusters.get(cluster);
    return clusters.inLaneForUser(
        live,
        () -> sender.command(live, actor, tx -> sender.comparison(tx, kept(tx, cluster, name))));
  }

  @Override
  public CommandRow delete(ClusterId cluster, String name, boolean removeData, String actor) {
    LiveCluster live = clusters.get(cluster);
    return clusters.inLaneForUser(
        live,
        () ->
            sender.command(
                live,
                actor,
                tx -> {
                  DeploymentRow row = kept(tx, cluster, name);
                  Wanted was = row.wanted();
                  DeploymentRow next =
                      row.with(new Wanted(was.revision(), was.options(), true, platform.now()));
                  DeleteRequest request =
                      new DeleteRequest(name, row.namespace(), was.revision(), removeData);
                  return new ApplySender.Errand(row, next, "delete", request);
                }));
  }

  @Override
  public void forget(ClusterId cluster, String name, String actor) {
    LiveCluster live = clusters.get(cluster);
    clusters.inLaneForUser(
        live,
        () -> {
          sender.forget(live, tx -> there(tx, cluster, name), actor);
          return true;
        });
  }

  @Override
  public Optional<View> find(ClusterId cluster, String name) {
    return stores.inTransaction(
        tx ->
            tx.deployments()
                .find(cluster, name)
                .map(
                    row ->
                        view(
                            row,
                            sender.open(tx, row, row.wanted().revision()),
                            ApplySender.lastApply(tx, row))));
  }

  private View view(DeploymentRow row, ManifestSet set, @Nullable ApplyRow last) {
    return new View(row, parts.secrets().hidden(row.id(), set), ApplySender.cedeTo(row), last);
  }

  @Override
  public List<DeploymentRow> list(ClusterId cluster) {
    return stores.inTransaction(tx -> tx.deployments().list(cluster));
  }

  @Override
  public List<ApplyRow> history(ClusterId cluster, String name) {
    return stores.inTransaction(tx -> tx.applies().list(there(tx, cluster, name).id()));
  }

  @Override
  public Optional<ManifestSet> manifests(ClusterId cluster, String name, long revision) {
    return stores.inTransaction(
        tx -> {
          DeploymentRow row = there(tx, cluster, name);
          return tx.applies()
              .manifests(row.id(), revision)
              .map(text -> parts.manifests().open(row.id(), revision, text))
              .map(set -> parts.secrets().hidden(row.id(), set));
        });
  }
}
