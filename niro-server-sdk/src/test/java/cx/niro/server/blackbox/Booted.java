package cx.niro.server.blackbox;

import cx.niro.core.OrganizationId;
import cx.niro.core.testkit.ManualTime;
import cx.niro.core.testkit.StepExecutor;
import cx.niro.server.NiroServer;
import cx.niro.server.ServerOptions;
import cx.niro.server.http.NiroHandler;
import cx.niro.server.memory.MemoryStores;
import cx.niro.server.servlet.NiroServlet;
import cx.niro.server.servlet.ServletContainer;
import cx.niro.server.spi.AccessControl;
import cx.niro.server.spi.Outcome;
import cx.niro.server.spi.Stores;
import cx.niro.server.testkit.TimedStores;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A whole server on a port of loopback, whose time moves only by {@link #advance}. The one class
 * here that knows the server's classes.
 */
public final class Booted implements AutoCloseable {
  /** Keeps no content open, which nobody outside may notice. */
  private static final ServerOptions CLOSED = ServerOptions.builder().contentCacheBytes(0).build();

  /** May do everything in organization acme. */
  public static final String OWNER = "owner-of-acme";

  /** May only look at organization acme. */
  public static final String VIEWER = "viewer-of-acme";

  /** May do everything in organization globex, and sees nothing else. */
  public static final String STRANGER = "owner-of-globex";

  private static final Map<String, Member> MEMBERS =
      Map.of(
          OWNER, new Member("olga", "acme", EnumSet.allOf(AccessControl.Permission.class)),
          VIEWER, new Member("vera", "acme", EnumSet.of(AccessControl.Permission.READ)),
          STRANGER, new Member("gus", "globex", EnumSet.allOf(AccessControl.Permission.class)));

  private final ManualTime time = ManualTime.create();
  private final StepExecutor timers = time.newExecutor();
  private final ExecutorService threads = Executors.newFixedThreadPool(16);
  private final AtomicInteger working = new AtomicInteger();
  private final NiroServer niro;
  private final NiroHandler handler;
  private final ServletContainer.Running container;

  private Booted(ServletContainer container, Stores stores) throws Exception {
    this.niro =
        NiroServer.builder(new TimedStores(stores, time))
            .options(CLOSED)
            .clock(time)
            .nanos(time.nanos())
            .executor(this::execute)
            .scheduler(timers)
            .secretKeys(List.of(new byte[32]))
            .notifier("pager", (notice, settings) -> Outcome.refused("nobody is there"))
            .build();
    this.handler =
        NiroHandler.builder(niro)
            .accessControl(Booted::authenticate)
            .publicUrl(URI.create("https://fleet.example.com"))
            .build();
    niro.start();
    this.container = container.run(new NiroServlet(handler));
  }

  public static Booted inJetty() throws Exception {
    return over(MemoryStores.create());
  }

  public static Booted over(Stores stores) throws Exception {
    return new Booted(ServletContainer.JETTY, stores);
  }

  public static Booted in(ServletContainer container) throws Exception {
    return new Booted(container, MemoryStores.create());
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + container.port());
  }

  /**
   * Moves the server's time, a second after the other: whatever falls due in one second is done
   * before the next begins, as on a machine that keeps up.
   */
  public void advance(Duration step) {
    long left = step.toMillis();
    while (left > 0) {
      time.advance(Duration.ofMillis(Math.min(left, 1000)));
      left -= 1000;
      while (working.get() > 0) {
        Thread.onSpinWait();
      }
    }
  }

  /** The server's time. */
  public Instant now() {
    return time.instant();
  }

  /** How many timers wait; a poll that is parked has one. */
  public int timers() {
    return timers.waiting();
  }

  /** How many streams of changes are open. */
  public int streams() {
    return handler.openStreams();
  }

  /** How many request bodies are on their way in. */
  public int bodies() {
    return handler.openBodies();
  }

  private void execute(Runnable task) {
    working.incrementAndGet();
    threads.execute(
        () -> {
          try {
            task.run();
          } finally {
            working.decrementAndGet();
          }
        });
  }

  private static Optional<AccessControl.Caller> authenticate(
      cx.niro.server.http.NiroRequest request) {
    String header = request.header("authorization");
    return Optional.ofNullable(header == null ? null : MEMBERS.get(header.replace("Bearer ", "")));
  }

  @Override
  public void close() throws Exception {
    container.close();
    handler.close();
    niro.close();
    threads.shutdownNow();
  }

  private record Member(String name, String organization, Set<AccessControl.Permission> permissions)
      implements AccessControl.Caller {
    @Override
    public Set<OrganizationId> organizations() {
      return Set.of(defaultOrganization());
    }

    @Override
    public boolean may(AccessControl.Permission permission, OrganizationId organization) {
      return permissions.contains(permission);
    }

    @Override
    public OrganizationId defaultOrganization() {
      return new OrganizationId(organization);
    }
  }
}
