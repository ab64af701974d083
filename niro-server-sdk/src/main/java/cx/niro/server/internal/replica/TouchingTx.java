package cx.niro.server.internal.replica;

import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.IncidentId;
import cx.niro.core.OrganizationId;
import cx.niro.core.incident.Fingerprint;
import cx.niro.server.spi.AgentKeyStore;
import cx.niro.server.spi.ApplyStore;
import cx.niro.server.spi.AuditStore;
import cx.niro.server.spi.ClusterRow;
import cx.niro.server.spi.ClusterStore;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.CommandStore;
import cx.niro.server.spi.DeploymentStore;
import cx.niro.server.spi.EnrollmentStore;
import cx.niro.server.spi.FindingStore;
import cx.niro.server.spi.IncidentFilter;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.IncidentStore;
import cx.niro.server.spi.NotificationStores;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.RelayStore;
import cx.niro.server.spi.ReplicaStore;
import cx.niro.server.spi.SessionStore;
import cx.niro.server.spi.SilenceStore;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.TimelineEntry;
import cx.niro.server.spi.TimelineStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects the clusters that a transaction writes about: by their timelines, which all that users
 * are told is on, by their commands, and by their end.
 */
record TouchingTx(StoreTx tx, Set<ClusterId> touched) implements StoreTx {
  @Override
  public ClusterStore clusters() {
    return new Clusters(tx.clusters(), touched);
  }

  @Override
  public EnrollmentStore enrollments() {
    return tx.enrollments();
  }

  @Override
  public AgentKeyStore keys() {
    return tx.keys();
  }

  @Override
  public SessionStore sessions() {
    return tx.sessions();
  }

  @Override
  public CommandStore commands() {
    return new Commands(tx.commands(), touched);
  }

  @Override
  public IncidentStore incidents() {
    return new Incidents(tx.incidents(), touched);
  }

  @Override
  public FindingStore findings() {
    return tx.findings();
  }

  @Override
  public SilenceStore silences() {
    return tx.silences();
  }

  @Override
  public DeploymentStore deployments() {
    return tx.deployments();
  }

  @Override
  public ApplyStore applies() {
    return tx.applies();
  }

  @Override
  public TimelineStore timeline() {
    return new Timeline(tx.timeline(), touched);
  }

  @Override
  public AuditStore audit() {
    return tx.audit();
  }

  @Override
  public NotificationStores notifications() {
    return tx.notifications();
  }

  @Override
  public RelayStore relays() {
    return tx.relays();
  }

  @Override
  public ReplicaStore replicas() {
    return tx.replicas();
  }

  private record Timeline(TimelineStore store, Set<ClusterId> touched) implements TimelineStore {
    @Override
    public void append(TimelineEntry entry) {
      store.append(entry);
      touched.add(entry.cluster());
    }

    @Override
    public Page<TimelineEntry> list(ClusterId cluster, Set<String> kinds, Page.Request page) {
      return store.list(cluster, kinds, page);
    }
  }

  private record Clusters(ClusterStore store, Set<ClusterId> touched) implements ClusterStore {
    @Override
    public boolean insert(ClusterRow cluster) {
      touched.add(cluster.id());
      return store.insert(cluster);
    }

    @Override
    public Optional<ClusterRow> find(ClusterId id) {
      return store.find(id);
    }

    @Override
    public boolean update(ClusterRow cluster) {
      touched.add(cluster.id());
      return store.update(cluster);
    }

    @Override
    public boolean delete(ClusterId id) {
      touched.add(id);
      return store.delete(id);
    }

    @Override
    public List<ClusterRow> list(@Nullable ClusterId after, int limit) {
      return store.list(after, limit);
    }

    @Override
    public Optional<ClusterRow> findByKubeSystemUid(
        OrganizationId organization, String kubeSystemUid) {
      return store.findByKubeSystemUid(organization, kubeSystemUid);
    }
  }

  private record Commands(CommandStore store, Set<ClusterId> touched) implements CommandStore {
    @Override
    public boolean insert(CommandRow command) {
      touched.add(command.cluster());
      return store.insert(command);
    }

    @Override
    public Optional<CommandRow> find(ClusterId cluster, CommandId id) {
      return store.find(cluster, id);
    }

    @Override
    public Optional<CommandRow> findByIdempotencyKey(ClusterId cluster, String idempotencyKey) {
      return store.findByIdempotencyKey(cluster, idempotencyKey);
    }

    @Override
    public List<CommandRow> open(ClusterId cluster) {
      return store.open(cluster);
    }

    @Override
    public boolean update(CommandRow seen, CommandRow next) {
      boolean asked = next.cancelRequested() && !seen.cancelRequested();
      if (asked || next.state().isFinal()) {
        touched.add(next.cluster());
      }
      return store.update(seen, next);
    }

    @Override
    public Page<CommandRow> list(ClusterId cluster, @Nullable String kind, Page.Request page) {
      return store.list(cluster, kind, page);
    }

    @Override
    public List<ClusterId> clustersWithDue(Instant now, int limit) {
      return store.clustersWithDue(now, limit);
    }
  }

  private record Incidents(IncidentStore store, Set<ClusterId> touched) implements IncidentStore {
    @Override
    public boolean open(IncidentRow incident) {
      touched.add(incident.cluster());
      return store.open(incident);
    }

    @Override
    public Optional<IncidentRow> find(IncidentId id) {
      return store.find(id);
    }

    @Override
    public Optional<IncidentRow> findOpen(ClusterId cluster, Fingerprint fingerprint) {
      return store.findOpen(cluster, fingerprint);
    }

    @Override
    public void update(IncidentRow incident) {
      touched.add(incident.cluster());
      store.update(incident);
    }

    @Override
    public List<IncidentRow> openOf(ClusterId cluster) {
      return store.openOf(cluster);
    }

    @Override
    public Page<IncidentRow> list(
        Set<ClusterId> clusters, IncidentFilter filter, Page.Request page) {
      return store.list(clusters, filter, page);
    }

    @Override
    public boolean deleteResolved(IncidentId id) {
      return store.deleteResolved(id);
    }
  }
}
