package cx.niro.server.servlet;

import jakarta.servlet.Servlet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A servlet on a free port of loopback, in each container that the adapter is promised for. */
public enum ServletContainer {
  JETTY {
    @Override
    public Running run(Servlet servlet) throws Exception {
      Server server = new Server();
      ServerConnector connector = new ServerConnector(server);
      connector.setHost("127.0.0.1");
      server.addConnector(connector);
      ServletContextHandler context = new ServletContextHandler();
      ServletHolder holder = new ServletHolder(servlet);
      holder.setAsyncSupported(true);
      context.addServlet(holder, "/*");
      server.setHandler(context);
      server.start();
      return new Running(connector.getLocalPort(), server::stop);
    }
  },
  TOMCAT {
    @Override
    public Running run(Servlet servlet) throws Exception {
      Tomcat tomcat = new Tomcat();
      Path base = Files.createTempDirectory("niro-tomcat");
      tomcat.setBaseDir(base.toString());
      tomcat.setHostname("127.0.0.1");
      tomcat.setPort(0);
      tomcat.getConnector().setProperty("address", "127.0.0.1");
      Context context = tomcat.addContext("", base.toString());
      Wrapper wrapper = Tomcat.addServlet(context, "niro", servlet);
      wrapper.setAsyncSupported(true);
      wrapper.addMapping("/*");
      tomcat.start();
      return new Running(tomcat.getConnector().getLocalPort(), () -> stop(tomcat, base));
    }
  };

  public abstract Running run(Servlet servlet) throws Exception;

  private static void stop(Tomcat tomcat, Path base) throws LifecycleException, IOException {
    tomcat.stop();
    tomcat.destroy();
    try (var files = Files.walk(base)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }

  /** A container that runs. */
  public record Running(int port, AutoCloseable stop) implements AutoCloseable {
    @Override
    public void close() throws Exception {
      stop.close();
    }
  }
}
