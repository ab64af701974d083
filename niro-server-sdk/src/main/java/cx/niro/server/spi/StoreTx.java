package cx.niro.server.spi;

/**
 * One open transaction, as small views by subject; valid only inside {@link Stores#inTransaction},
 * on its thread.
 *
 * <p>Nothing is written for a cluster that does not exist (any more), agent keys and marks aside:
 * conditional and unique methods answer false, the others do nothing.
 */
public interface StoreTx {
  ClusterStore clusters();

  EnrollmentStore enrollments();

  AgentKeyStore keys();

  SessionStore sessions();

  CommandStore commands();

  IncidentStore incidents();

  FindingStore findings();

  SilenceStore silences();

  DeploymentStore deployments();

  ApplyStore applies();

  TimelineStore timeline();

  AuditStore audit();

  NotificationStores notifications();

  RelayStore relays();

  ReplicaStore replicas();
}
