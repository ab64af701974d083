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
import cx.niro.server.spi.SessionStore;
import cx.niro.server.spi.SilenceStore;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.TimelineStore;
import org.jdbi.v3.core.Handle;

/** The views over one open transaction. */
record JdbcStoreTx(Handle handle, Dialect dialect) implements StoreTx {
  @Override
  public ClusterStore clusters() {
    return new JdbcClusterStore(handle, dialect);
  }

  @Override
  public EnrollmentStore enrollments() {
    return new JdbcEnrollmentStore(handle, dialect);
  }

  @Override
  public AgentKeyStore keys() {
    return new JdbcAgentKeyStore(handle);
  }

  @Override
  public SessionStore sessions() {
    return new JdbcSessionStore(handle, dialect);
  }

  @Override
  public CommandStore commands() {
    return new JdbcCommandStore(handle, dialect);
  }

  @Override
  public IncidentStore incidents() {
    return new JdbcIncidentStore(handle, dialect);
  }

  @Override
  public FindingStore findings() {
    return new JdbcFindingStore(handle, dialect);
  }

  @Override
  public SilenceStore silences() {
    return new JdbcSilenceStore(handle);
  }

  @Override
  public DeploymentStore deployments() {
    return new JdbcDeploymentStore(handle, dialect);
  }

  @Override
  public ApplyStore applies() {
    return new JdbcApplyStore(handle, dialect);
  }

  @Override
  public TimelineStore timeline() {
    return new JdbcTimelineStore(handle, dialect);
  }

  @Override
  public AuditStore audit() {
    return new JdbcAuditStore(handle);
  }

  @Override
  public NotificationStores notifications() {
    return new JdbcNotificationStores(handle, dialect);
  }
}
