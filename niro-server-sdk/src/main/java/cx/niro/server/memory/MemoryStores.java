package cx.niro.server.memory;

import cx.niro.server.spi.AgentKeyStore;
import cx.niro.server.spi.ApplyStore;
import cx.niro.server.spi.AuditStore;
import cx.niro.server.spi.ClusterStore;
import cx.niro.server.spi.CommandStore;
import cx.niro.server.spi.DeploymentStore;
import cx.niro.server.spi.EnrollmentStore;
import cx.niro.server.spi.FindingStore;
import cx.niro.server.spi.IncidentStore;
import cx.niro.server.spi.InventoryStore;
import cx.niro.server.spi.NotificationStores;
import cx.niro.server.spi.RelayStore;
import cx.niro.server.spi.ReplicaStore;
import cx.niro.server.spi.RetentionStore;
import cx.niro.server.spi.SessionStore;
import cx.niro.server.spi.SilenceStore;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import cx.niro.server.spi.TimelineStore;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Stores in memory. One lock makes transactions run one after the other, and a journal takes back
 * what an aborted one wrote. Nothing survives the process.
 */
public final class MemoryStores implements Stores {
  private final ReentrantLock lock = new ReentrantLock();
  private final Journal journal = new Journal();
  private final MemoryInventory inventory = new MemoryInventory(lock, journal);
  private final Views views = new Views(journal, inventory);
  private final RetentionStore retention = new Old();

  /** Empty stores. */
  public static MemoryStores create() {
    return new MemoryStores();
  }

  private MemoryStores() {}

  @Override
  public <T> T inTransaction(Function<StoreTx, T> work) {
    if (lock.isHeldByCurrentThread()) {
      throw new IllegalStateException("a transaction is open on this thread already");
    }
    lock.lock();
    boolean done = false;
    try {
      T result = work.apply(views);
      done = true;
      return result;
    } finally {
      if (done) {
        journal.commit();
      } else {
        journal.rollBack();
      }
      lock.unlock();
    }
  }

  @Override
  public InventoryStore inventory() {
    return inventory;
  }

  @Override
  public RetentionStore retention() {
    return retention;
  }

  @Override
  public void close() {}

  private final class Old implements RetentionStore {
    @Override
    public int deleteTimelineBefore(Instant before, int limit) {
      return inTransaction(tx -> views.timeline.deleteBefore(before, limit));
    }

    @Override
    public int deleteCommandsFinishedBefore(Instant before, int limit) {
      return inTransaction(tx -> views.commands.deleteFinishedBefore(before, limit));
    }

    @Override
    public int deleteIncidentsResolvedBefore(Instant before, int limit) {
      return inTransaction(tx -> views.incidents.deleteResolvedBefore(before, limit));
    }

    @Override
    public int deleteSilencesEndedBefore(Instant before, int limit) {
      return inTransaction(tx -> views.silences.deleteEndedBefore(before, limit));
    }

    @Override
    public int deleteAuditBefore(Instant before, int limit) {
      return inTransaction(tx -> views.audit.deleteBefore(before, limit));
    }

    @Override
    public int deleteKeysRevokedBefore(Instant before, int limit) {
      return inTransaction(tx -> views.keys.deleteRevokedBefore(before, limit));
    }
  }

  private static final class Views implements StoreTx {
    private final MemoryEnrollments enrollments;
    private final MemoryKeys keys;
    private final MemorySessions sessions;
    private final MemoryCommands commands;
    private final MemoryIncidents incidents;
    private final MemoryFindings findings;
    private final MemorySilences silences;
    private final MemoryDeployments deployments;
    private final MemoryTimeline timeline;
    private final MemoryClusters clusters;
    private final MemoryNotifications notifications;
    private final MemoryAudit audit;
    private final MemoryRelays relays;
    private final MemoryReplicas replicas;

    Views(Journal journal, MemoryInventory inventory) {
      clusters = new MemoryClusters(journal);
      enrollments = new MemoryEnrollments(journal, clusters);
      keys = new MemoryKeys(journal);
      sessions = new MemorySessions(journal, clusters);
      commands = new MemoryCommands(journal, clusters);
      incidents = new MemoryIncidents(journal, clusters);
      findings = new MemoryFindings(journal, clusters);
      silences = new MemorySilences(journal);
      deployments = new MemoryDeployments(journal, clusters);
      timeline = new MemoryTimeline(journal, clusters);
      notifications = new MemoryNotifications(journal);
      audit = new MemoryAudit(journal);
      relays = new MemoryRelays(journal);
      replicas = new MemoryReplicas(journal);
      inventory.limitTo(clusters);
      clusters.onDelete(enrollments::forget);
      clusters.onDelete(sessions::forget);
      clusters.onDelete(commands::forget);
      clusters.onDelete(incidents::forget);
      clusters.onDelete(findings::forget);
      clusters.onDelete(deployments::forget);
      clusters.onDelete(timeline::forget);
      clusters.onDelete(inventory::forget);
    }

    @Override
    public ClusterStore clusters() {
      return clusters;
    }

    @Override
    public EnrollmentStore enrollments() {
      return enrollments;
    }

    @Override
    public AgentKeyStore keys() {
      return keys;
    }

    @Override
    public SessionStore sessions() {
      return sessions;
    }

    @Override
    public CommandStore commands() {
      return commands;
    }

    @Override
    public IncidentStore incidents() {
      return incidents;
    }

    @Override
    public FindingStore findings() {
      return findings;
    }

    @Override
    public SilenceStore silences() {
      return silences;
    }

    @Override
    public DeploymentStore deployments() {
      return deployments;
    }

    @Override
    public ApplyStore applies() {
      return deployments.applies();
    }

    @Override
    public TimelineStore timeline() {
      return timeline;
    }

    @Override
    public AuditStore audit() {
      return audit;
    }

    @Override
    public NotificationStores notifications() {
      return notifications;
    }

    @Override
    public RelayStore relays() {
      return relays;
    }

    @Override
    public ReplicaStore replicas() {
      return replicas;
    }
  }
}
