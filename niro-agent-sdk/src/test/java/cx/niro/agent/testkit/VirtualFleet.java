package cx.niro.agent.testkit;

import cx.niro.agent.AgentOptions;
import cx.niro.agent.AgentResources;
import cx.niro.agent.KeyStores;
import cx.niro.agent.NiroAgent;
import cx.niro.agent.spi.KeyStore;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Many simulated clusters in one process, each with a real agent of its own key, boot id and
 * connections, on threads that they share. What a cluster shows depends on the seed and its place
 * in the fleet alone. Safe for use by any thread.
 */
public final class VirtualFleet implements AutoCloseable {
  /** Threads that the beats and commands of all clusters take turns on. */
  public static final int DEFAULT_THREADS = 8;

  private final Builder made;
  private final AgentResources resources;
  private final @Nullable SharedConnections shared;
  private final FleetCounters counters = new FleetCounters();
  private final List<VirtualCluster> clusters = new CopyOnWriteArrayList<>();

  private VirtualFleet(Builder made) {
    this.made = made;
    resources = AgentResources.shared(made.threads);
    shared =
        made.sharedConnections == 0
            ? null
            : new SharedConnections(made.serverUrl, made.sharedConnections, resources.commands());
  }

  /** Opens a fleet that reports to {@code serverUrl}. */
  public static Builder builder(String serverUrl) {
    return new Builder(serverUrl);
  }

  /** Adds a cluster that enrolls with {@code token}; returns at once. */
  public VirtualCluster add(VirtualClusterSpec spec, String token) {
    return add(spec, token, KeyStores.inMemory());
  }

  /** The same with a place to keep its key, for a fleet that outlives its process. */
  public synchronized VirtualCluster add(VirtualClusterSpec spec, String token, KeyStore keys) {
    long seed = made.seed * 1_000_003 + clusters.size();
    VirtualInventory inventory = new VirtualInventory(spec, seed, resources.instants());
    AgentOptions.Builder options =
        made.options
            .apply(NiroAgent.builder(made.serverUrl).logSource(inventory.logs()))
            .token(token)
            .keyStore(keys)
            .resources(resources)
            .inventory(inventory);
    new VirtualApply().handlers().forEach(options::commandHandler);
    VirtualCluster cluster = new VirtualCluster(options, counters, inventory, shared);
    cluster.schedule(spec, resources);
    clusters.add(cluster);
    return cluster;
  }

  public List<VirtualCluster> clusters() {
    return List.copyOf(clusters);
  }

  public FleetMetrics metrics() {
    return counters.metrics(clusters.size());
  }

  /** Every agent says goodbye; waits up to 20 s for all of them. */
  @Override
  public void close() {
    end(cluster -> cluster.close("the fleet was closed"));
  }

  /** Every agent stops in silence, as after a {@code kill -9}. */
  public void kill() {
    end(VirtualCluster::goSilent);
  }

  private void end(java.util.function.Consumer<VirtualCluster> how) {
    CompletableFuture<?>[] ends =
        clusters.stream()
            .map(one -> CompletableFuture.runAsync(() -> how.accept(one), resources.workers()))
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(ends)
        .completeOnTimeout(null, 20, TimeUnit.SECONDS)
        .exceptionally(failed -> null)
        .join();
    resources.close();
  }

  /** Collects what a fleet is like. */
  public static final class Builder {
    private final String serverUrl;
    private long seed = new SecureRandom().nextLong();
    private int threads = DEFAULT_THREADS;
    private int sharedConnections;
    private UnaryOperator<AgentOptions.Builder> options = UnaryOperator.identity();

    private Builder(String serverUrl) {
      this.serverUrl = serverUrl;
    }

    /**
     * Drawn anew by default. Fleets of the same seed show the same clusters, uid of kube-system
     * included: a server that knows them from before refuses to enroll them a second time.
     */
    public Builder seed(long number) {
      seed = number;
      return this;
    }

    public Builder threads(int count) {
      threads = count;
      return this;
    }

    /**
     * Lets all agents share so many HTTP/2 connections, and no thread wait for a parked poll; 0,
     * the default, gives each its own connections, as in real fleets. A server takes 1,024
     * exchanges at a time on one of them. Neither proxies nor authorities of the options count
     * then. The server must be there when the fleet is built.
     */
    public Builder sharedConnections(int count) {
      if (count < 0) {
        throw new IllegalArgumentException("must not be negative, but was " + count);
      }
      sharedConnections = count;
      return this;
    }

    /** Changes the options of every agent: proxies, authorities, handlers. */
    public Builder options(UnaryOperator<AgentOptions.Builder> change) {
      options = change;
      return this;
    }

    public VirtualFleet build() {
      return new VirtualFleet(this);
    }
  }
}
