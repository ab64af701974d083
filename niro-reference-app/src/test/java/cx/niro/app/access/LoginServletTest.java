package cx.niro.app.access;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.testkit.ManualTime;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

/** Logins over plain sockets, to a web server with fewer threads than clients. */
class LoginServletTest {
  private static final int THREADS = 8;
  private static final int CLIENTS = 100;
  private static final String WRONG =
      "{\"email\":\"a@example.com\",\"password\":\"wrong password\"}";

  private Server run(Duration bodyDeadline) throws Exception {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    Accounts.migrate(database);
    SecureRandom random = new SecureRandom();
    Logins logins =
        new Logins(
            new Accounts(database), new Passwords(random, 1000), ManualTime.create(), random);
    Server server = new Server(new QueuedThreadPool(THREADS));
    server.addConnector(new ServerConnector(server, 1, 1));
    ServletContextHandler context = new ServletContextHandler();
    ServletHolder holder =
        new ServletHolder(
            new LoginServlet(
                logins, new SessionCookie(false), TrustedProxies.NONE, new Deeds(), bodyDeadline));
    holder.setAsyncSupported(true);
    context.addServlet(holder, "/app/*");
    server.setHandler(context);
    server.start();
    return server;
  }

  @Test
  void logins_that_drip_hold_no_thread() throws Exception {
    Server server = run(Duration.ofMinutes(5));
    List<Socket> clients = new ArrayList<>();
    try {
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(client(server, head(1000) + "{"));
      }

      String answer = answer(client(server, head(WRONG.length()) + WRONG));

      assertThat(answer).startsWith("HTTP/1.1 401").contains("e-mail or password is wrong");
    } finally {
      for (Socket client : clients) {
        client.close();
      }
      server.stop();
    }
  }

  @Test
  void a_login_that_is_not_there_in_time_is_ended() throws Exception {
    Server server = run(Duration.ofMillis(300));
    try {
      String answer = answer(client(server, head(1000) + "{"));

      assertThat(answer).startsWith("HTTP/1.1 408").contains("\"code\":\"body_timeout\"");
      assertThat(answer).containsIgnoringCase("connection: close");
    } finally {
      server.stop();
    }
  }

  @Test
  void a_login_that_is_too_large_is_refused() throws Exception {
    Server server = run(Duration.ofMinutes(5));
    try {
      String answer = answer(client(server, head(9000) + " ".repeat(9000)));

      assertThat(answer).startsWith("HTTP/1.1 413").contains("at most 8192 bytes");
    } finally {
      server.stop();
    }
  }

  private static String head(int length) {
    return "POST /app/login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        + "Content-Type: application/json\r\nContent-Length: "
        + length
        + "\r\n\r\n";
  }

  private static Socket client(Server server, String first) throws IOException {
    int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    Socket socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(10_000);
    socket.getOutputStream().write(first.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static String answer(Socket client) throws IOException {
    try (client) {
      return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
