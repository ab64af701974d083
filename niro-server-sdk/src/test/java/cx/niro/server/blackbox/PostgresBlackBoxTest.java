package cx.niro.server.blackbox;

import cx.niro.server.jdbc.JdbcStores;
import cx.niro.server.spi.Stores;
import cx.niro.server.testkit.RealPostgres;
import cx.niro.server.testkit.WithPostgres;
import org.junit.jupiter.api.Nested;

/** What is seen from outside, once more over PostgreSQL. */
@WithPostgres
class PostgresBlackBoxTest {
  private static Stores emptied() {
    return JdbcStores.over(RealPostgres.emptied());
  }

  @Nested
  class Enrollment extends EnrollmentBlackBoxTest {
    @Override
    Stores stores() {
      return emptied();
    }
  }

  @Nested
  class AgentLife extends AgentLifeBlackBoxTest {
    @Override
    Stores stores() {
      return emptied();
    }
  }

  @Nested
  class Incident extends IncidentBlackBoxTest {
    @Override
    Stores stores() {
      return emptied();
    }
  }

  @Nested
  class Deployment extends DeploymentBlackBoxTest {
    @Override
    Stores stores() {
      return emptied();
    }
  }
}
