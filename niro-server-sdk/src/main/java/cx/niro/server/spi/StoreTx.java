package cx.niro.server.spi;

/**
 * One open transaction, as small views by subject; valid only inside {@link Stores#inTransaction},
 * on its thread.
 */
public interface StoreTx {
  ClusterStore clusters();

  EnrollmentStore enrollments();

  AgentKeyStore keys();

  SessionStore sessions();

  CommandStore commands();

  IncidentStore incidents();

  TimelineStore timeline();
}
