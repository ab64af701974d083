package cx.niro.app.server;

import com.sun.management.UnixOperatingSystemMXBean;
import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.SystemTime;
import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.Map;
import java.util.function.LongSupplier;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * The port: HTTP/1.1 and HTTP/2, over TLS when there is a certificate, in clear text otherwise.
 * Tuned for thousands of connections that mostly wait.
 */
public final class WebServer implements AutoCloseable {
  /** Longer than any poll may be parked. */
  private static final long IDLE_MILLIS = 120_000;

  /**
   * Connections that wait to be accepted; Linux takes its own limit (somaxconn) if that is less.
   */
  private static final int ACCEPT_QUEUE = 4096;

  static final int THREADS = 200;
  private static final int HTTP2_STREAMS = 1024;
  private static final int OWN_FILES = 500;

  private final Server server;
  private final ServerConnector connector;
  private final HeadDeadline heads;
  private final boolean secure;

  WebServer(ServerSettings settings, Map<String, HttpServlet> servlets) {
    this(settings, contextOf(servlets), SystemTime.NANOS);
  }

  /** The same port with something else behind it, for measuring what the port itself costs. */
  public WebServer(ServerSettings settings, Handler handler) {
    this(settings, handler, SystemTime.NANOS);
  }

  WebServer(ServerSettings settings, Map<String, HttpServlet> servlets, LongSupplier nanos) {
    this(settings, contextOf(servlets), nanos);
  }

  private WebServer(ServerSettings settings, Handler handler, LongSupplier nanos) {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS);
    threads.setName("http");
    this.server = new Server(threads);
    this.secure = settings.secure().isPresent();
    this.connector =
        new ServerConnector(
            server, settings.secure().map(WebServer::overTls).orElseGet(WebServer::inClearText));
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.setIdleTimeout(IDLE_MILLIS);
    // The runtime's own is 50: of a fleet that comes back at once the kernel would drop most.
    connector.setAcceptQueueSize(ACCEPT_QUEUE);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(mostConnections(), connector));
    this.heads = new HeadDeadline(connector::getConnectedEndPoints, nanos);
    server.setHandler(handler);
    server.setErrorHandler(new PlainErrors());
    server.setStopTimeout(2000);
  }

  /** All files that the process may open but those that it needs itself. */
  private static int mostConnections() {
    long files =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getMaxFileDescriptorCount()
            : Integer.MAX_VALUE;
    return (int) Math.max(100, Math.min(files, Integer.MAX_VALUE) - OWN_FILES);
  }

  /** Looks at slow clients now, for tests. */
  void lookAtHeads() {
    heads.look();
  }

  private static ServletContextHandler contextOf(Map<String, HttpServlet> servlets) {
    ServletContextHandler context = new ServletContextHandler();
    context.setErrorHandler(new PlainErrors());
    servlets.forEach(
        (pattern, servlet) -> {
          ServletHolder holder = new ServletHolder(servlet);
          holder.setAsyncSupported(true);
          context.addServlet(holder, pattern);
        });
    return context;
  }

  private static HttpConfiguration configuration() {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    // The cache costs about 98 kB for every connection, and agents keep theirs.
    http.setHeaderCacheSize(0);
    http.setIdleTimeout(IDLE_MILLIS);
    return http;
  }

  private static ConnectionFactory[] inClearText() {
    HttpConfiguration http = configuration();
    HTTP2CServerConnectionFactory http2 = new HTTP2CServerConnectionFactory(http);
    http2.setMaxConcurrentStreams(HTTP2_STREAMS);
    http2.setStreamIdleTimeout(IDLE_MILLIS);
    return new ConnectionFactory[] {new HttpConnectionFactory(http), http2};
  }

  private static ConnectionFactory[] overTls(ServerSettings.Tls tls) {
    SslContextFactory.Server context = new SslContextFactory.Server();
    context.setKeyStore(TlsFiles.load(tls));
    context.setKeyStorePassword("");
    HttpConfiguration http = configuration();
    // The check answers a Host that the certificate does not name with a bare 400; agents behind a
    // port forward meet that, and the name was checked by them.
    http.addCustomizer(new SecureRequestCustomizer(false));
    HTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(http);
    http2.setMaxConcurrentStreams(HTTP2_STREAMS);
    http2.setStreamIdleTimeout(IDLE_MILLIS);
    ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
    alpn.setDefaultProtocol("http/1.1");
    return new ConnectionFactory[] {
      new SslConnectionFactory(context, alpn.getProtocol()),
      alpn,
      http2,
      new HttpConnectionFactory(http)
    };
  }

  /**
   * Looks whether the port can be opened, before anything is made for a server that could not be
   * reached.
   *
   * @throws CommandException when it is taken, or the host is none of this machine's
   */
  static void checkPort(ServerSettings settings) {
    InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
    try (ServerSocketChannel port = ServerSocketChannel.open()) {
      port.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(address);
    } catch (IOException | UnresolvedAddressException e) {
      throw failure(settings.host(), settings.port(), e);
    }
  }

  /** Opens the port. */
  public void start() {
    try {
      server.start();
      heads.begin(connector.getScheduler());
    } catch (Exception e) {
      close();
      throw failure(connector.getHost(), connector.getPort(), e);
    }
  }

  private static CommandException failure(String host, int port, Exception failure) {
    if (isWrongHost(failure)) {
      return new CommandException(
          ExitCode.USAGE,
          "--host (NIRO_HOST): " + host + " is no address of this machine",
          failure);
    }
    if (failure instanceof IOException) {
      return new CommandException(
          ExitCode.CONFLICT,
          "port " + host + ":" + port + " cannot be opened: in use by another program? Try --port",
          failure);
    }
    return new CommandException(
        ExitCode.FAILED, "the web server did not start: " + failure.getMessage(), failure);
  }

  /** The Java runtime has one exception for a taken port and a foreign address. */
  private static boolean isWrongHost(Throwable failure) {
    @Nullable Throwable cause = failure;
    while (cause != null) {
      boolean foreign =
          cause instanceof BindException && String.valueOf(cause.getMessage()).contains("assign");
      if (foreign
          || cause instanceof UnresolvedAddressException
          || cause instanceof UnknownHostException) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /** Where it listens, for programs on this machine. */
  public URI address() {
    String host = connector.getHost() == null ? "127.0.0.1" : connector.getHost();
    String reachable = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
    String scheme = secure ? "https" : "http";
    boolean ipv6 = reachable.contains(":") && !reachable.startsWith("[");
    String named = ipv6 ? "[" + reachable + "]" : reachable;
    return URI.create(scheme + "://" + named + ":" + connector.getLocalPort());
  }

  /** Closes the port; requests under way get two seconds. */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      org.slf4j.LoggerFactory.getLogger(WebServer.class).warn("The web server did not stop", e);
    }
  }
}
