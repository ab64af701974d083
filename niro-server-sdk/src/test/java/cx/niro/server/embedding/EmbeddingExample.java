package cx.niro.server.embedding;

import cx.niro.core.ClusterId;
import cx.niro.core.ClusterStatus;
import cx.niro.core.Environment;
import cx.niro.core.OrganizationId;
import cx.niro.server.Clusters.ClusterSpec;
import cx.niro.server.Clusters.NewCluster;
import cx.niro.server.Commands.CommandRequest;
import cx.niro.server.NiroServer;
import cx.niro.server.ServerListener;
import cx.niro.server.ServerOptions;
import cx.niro.server.http.NiroHandler;
import cx.niro.server.jdbc.JdbcStores;
import cx.niro.server.servlet.NiroServlet;
import cx.niro.server.spi.AccessControl;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.IncidentRow;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** The code of docs/embedding.md, compiled. */
final class EmbeddingExample {
  private EmbeddingExample() {}

  static NiroServer start(DataSource dataSource) {
    JdbcStores.migrate(dataSource);
    NiroServer niro = NiroServer.builder(JdbcStores.over(dataSource)).build();
    niro.start();
    return niro;
  }

  static void mount(ServletContext context, NiroServer niro, AccessControl access) {
    NiroHandler handler =
        NiroHandler.builder(niro)
            .accessControl(access)
            .publicUrl(URI.create("https://fleet.example.com"))
            .build();
    ServletRegistration.Dynamic servlet = context.addServlet("niro", new NiroServlet(handler));
    servlet.setAsyncSupported(true);
    servlet.addMapping("/agent/*", "/api/*", "/install.sh", "/install/*");
  }

  static NiroServer withOwnThreads(
      JdbcStores stores, Executor executor, ScheduledExecutorService scheduler) {
    ServerOptions options =
        ServerOptions.builder()
            .unknownAfter(Duration.ofMinutes(2))
            .offlineAfter(Duration.ofMinutes(10))
            .idempotentKinds(Set.of("acme.collect"))
            .build();
    return NiroServer.builder(stores)
        .options(options)
        .executor(executor)
        .scheduler(scheduler)
        .listener(new Pager())
        .build();
  }

  static final class Pager implements ServerListener {
    @Override
    public void statusChanged(ClusterId cluster, ClusterStatus from, ClusterStatus to) {
      System.out.println(cluster + " is " + to.wireName());
    }

    @Override
    public void incidentOpened(IncidentRow incident) {
      System.out.println(incident.telling().summary());
    }
  }

  static String addCluster(NiroServer niro) {
    OrganizationId customer = new OrganizationId("customer-17");
    ClusterSpec spec = new ClusterSpec("berlin", Environment.PRODUCTION, Map.of("site", "b1"));
    NewCluster made = niro.clusters().create(customer, spec, "ada@example.com");
    return made.enrollment().token();
  }

  static CommandRow ping(NiroServer niro, ClusterId cluster) throws Exception {
    CommandRow sent = niro.commands().send(cluster, CommandRequest.PING, "ada@example.com");
    return niro.commands()
        .whenFinished(cluster, sent.id())
        .toCompletableFuture()
        .get(30, TimeUnit.SECONDS);
  }

  static void stop(NiroServer niro) {
    niro.drain().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    niro.close();
  }
}
