package cx.niro.server.internal;

import cx.niro.server.AgentGateway;
import cx.niro.server.Clusters;
import cx.niro.server.Commands;
import cx.niro.server.Fleet;
import cx.niro.server.Incidents;
import cx.niro.server.ServerListener;
import cx.niro.server.ServerOptions;
import cx.niro.server.spi.Stores;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Puts the parts of a server together. */
public final class Engine {
  private final Stores stores;
  private final Platform platform;

  public Engine(
      Stores stores, ServerOptions options, Platform platform, List<ServerListener> listeners) {
    this.stores = stores;
    this.platform = platform;
  }

  public void start() {
    stores.inventory();
  }

  public CompletionStage<Void> drain() {
    return CompletableFuture.completedFuture(null);
  }

  public void close() {
    platform.owned().run();
  }

  private static <T> T part(Class<T> type) {
    throw new UnsupportedOperationException(type + " is being built");
  }

  public AgentGateway gateway() {
    return part(AgentGateway.class);
  }

  public Clusters clusters() {
    return part(Clusters.class);
  }

  public Fleet fleet() {
    return part(Fleet.class);
  }

  public Commands commands() {
    return part(Commands.class);
  }

  public Incidents incidents() {
    return part(Incidents.class);
  }
}
