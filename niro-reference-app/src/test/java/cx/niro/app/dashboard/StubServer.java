package cx.niro.app.dashboard;

import java.net.URI;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The real dashboard in front of {@link StubApi}, on a free port of this machine. */
final class StubServer implements AutoCloseable {
  final StubApi api = new StubApi();
  private final Server server = new Server();
  private final ServerConnector connector;

  StubServer(int port) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendDateHeader(false);
    connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost("127.0.0.1");
    connector.setPort(port);
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    context.addServlet(new ServletHolder(api), "/api/*");
    context.addServlet(new ServletHolder(api), "/app/*");
    context.addServlet(new ServletHolder(new DashboardServlet()), "/");
    server.setHandler(context);
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException("cannot start", e);
    }
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + connector.getLocalPort());
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("cannot stop", e);
    }
  }
}
