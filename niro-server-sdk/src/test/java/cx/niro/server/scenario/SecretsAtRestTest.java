package cx.niro.server.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import cx.niro.core.managed.ApplyOptions;
import cx.niro.core.protocol.CommandOffer;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.RawJson;
import cx.niro.server.Deployments;
import cx.niro.server.Deployments.Spec;
import cx.niro.server.jdbc.JdbcStores;
import cx.niro.server.manifest.ManifestFile;
import cx.niro.server.manifest.ManifestSet;
import cx.niro.server.scenario.FleetFixture.Member;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A planted value is looked for in everything that is stored, and in everything that is logged. */
class SecretsAtRestTest {
  private static final String PLANTED = "hunter2-planted-value";
  private static final String BASE64 = Base64.getEncoder().encodeToString(PLANTED.getBytes());
  private static final Logger ROOT = (Logger) LoggerFactory.getLogger("cx.niro");

  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Level before = ROOT.getLevel();

  @AfterEach
  void quiet() {
    ROOT.detachAppender(logged);
    ROOT.setLevel(before);
  }

  @Test
  void the_value_of_a_secret_is_in_no_table_and_in_no_line_of_the_log() throws SQLException {
    ROOT.setLevel(Level.TRACE);
    logged.start();
    ROOT.addAppender(logged);
    JdbcConnectionPool pool = JdbcConnectionPool.create("jdbc:h2:mem:secrets", "sa", "");
    try (Connection kept = open(pool)) {
      live(pool);
      List<String> dump = dump(kept);
      assertThat(dump).anyMatch(line -> line.contains("NIRO_MANIFEST") && line.contains("v1."));
      assertThat(dump).anyMatch(line -> line.contains("NIRO_COMMAND_PAYLOAD"));
      assertThat(dump).noneMatch(line -> line.contains(PLANTED) || line.contains(BASE64));
    }
    assertThat(logged.list)
        .isNotEmpty()
        .noneMatch(event -> text(event).contains(PLANTED) || text(event).contains(BASE64));
  }

  private static String text(ILoggingEvent event) {
    return event.getFormattedMessage()
        + (event.getThrowableProxy() == null ? "" : event.getThrowableProxy().getMessage());
  }

  private static Connection open(JdbcConnectionPool pool) throws SQLException {
    return pool.getConnection();
  }

  private static List<String> dump(Connection connection) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (ResultSet rows = connection.createStatement().executeQuery("SCRIPT")) {
      while (rows.next()) {
        lines.add(rows.getString(1));
      }
    }
    return lines;
  }

  private static void live(JdbcConnectionPool pool) {
    JdbcStores.migrate(pool);
    FleetFixture fleet = new FleetFixture(JdbcStores.over(pool));
    Member edge = fleet.member("edge");
    edge.agent().granted("apply").beat();
    Deployments deployments = fleet.server.deployments();
    put(deployments, edge, "stringData: {password: " + PLANTED + "}");
    CommandOffer offer = edge.agent().poll(0, 4).join().commands().get(0);
    assertThat(offer.payload().text()).contains(PLANTED);
    String report = "{\"revision\":1,\"status\":\"failed\",\"objects\":[]}";
    edge.agent().result(offer.id(), 1, CommandState.FAILED, new RawJson(report));
    put(deployments, edge, "data: {password: " + BASE64 + "}");
    deployments.diff(edge.id(), "web", "ada");
    try {
      put(deployments, edge, "stringData: [" + PLANTED + "]");
    } catch (RuntimeException e) {
      assertThat(e.getMessage()).doesNotContain(PLANTED);
    }
    deployments.find(edge.id(), "web").orElseThrow();
    fleet.time.runDue();
  }

  private static void put(Deployments deployments, Member edge, String data) {
    String yaml = "apiVersion: v1\nkind: Secret\nmetadata: {name: web}\n" + data + "\n";
    ManifestSet set = ManifestSet.parse(List.of(new ManifestFile("s.yaml", yaml)), "shop");
    deployments.put(
        edge.id(), new Spec("web", "shop", set, List.of()), ApplyOptions.CAREFUL, "ada");
  }
}
