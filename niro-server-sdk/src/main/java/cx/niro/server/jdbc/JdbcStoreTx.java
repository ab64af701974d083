package cx.niro.server.jdbc;

import cx.niro.server.spi.AgentKeyStore;
import cx.niro.server.spi.ApplyStore;
import cx.niro.server.spi.AuditStore;
import cx.niro.server.spi.ClusterStore;
import cx.niro.server.spi.CommandStore;
import cx.niro.server.spi.DeploymentStore;
import cx.niro.server.spi.EnrollmentStore;
import cx.niro.server.spi.FindingStore;
import cx.niro.server.spi.IncidentStore;
import cx.niro.server.spi.NotificationStores;
import cx.niro.server.spi.RelayStore;
import cx.niro.server.spi.ReplicaStore;
import cx.niro.server.spi.SessionStore;
import cx.niro.server.spi.SilenceStore;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.TimelineStore;
import org.jdbi.v3.core.Handle;

/** The views over one open transaction. */
record JdbcStoreTx(Handle handle, Inserts inserts) implements StoreTx {
  @Override
  public ClusterStore clusters() {
    return new JdbcClusterStore(handle, inserts);
  }

  @Override
  public EnrollmentStore enrollments() {
    return new JdbcEnrollmentStore(handle, inserts);
  }

  @Override
  public AgentKeyStore keys() {
    return new JdbcAgentKeyStore(handle);
  }

  @Override
  public SessionStore sessions() {
    return new JdbcSessionStore(handle, inserts);
  }

  @Override
  public CommandStore commands() {
    return new JdbcCommandStore(handle, inserts);
  }

  @Override
  public IncidentStore incidents() {
    return new JdbcIncidentStore(handle, inserts);
  }

  @Override
  public FindingStore findings() {
    return new JdbcFindingStore(handle, inserts);
  }

  @Override
  public SilenceStore silences() {
    return new JdbcSilenceStore(handle);
  }

  @Override
  public DeploymentStore deployments() {
    return new JdbcDeploymentStore(handle, inserts);
  }

  @Override
  public ApplyStore applies() {
    return new JdbcApplyStore(handle, inserts);
  }

  @Override
  public TimelineStore timeline() {
    return new JdbcTimelineStore(handle, inserts);
  }

  @Override
  public AuditStore audit() {
    return new JdbcAuditStore(handle);
  }

  @Override
  public NotificationStores notifications() {
    return new JdbcNotificationStores(handle, inserts);
  }

  @Override
  public RelayStore relays() {
    return new JdbcRelayStore(handle);
  }

  @Override
  public ReplicaStore replicas() {
    return new JdbcReplicaStore(handle, inserts);
  }
}
