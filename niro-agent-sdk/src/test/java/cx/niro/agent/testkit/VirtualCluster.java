package cx.niro.agent.testkit;

import cx.niro.agent.AgentListener;
import cx.niro.agent.AgentOptions;
import cx.niro.agent.AgentResources;
import cx.niro.agent.CallFailure;
import cx.niro.agent.internal.AgentRuntime;
import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.snapshot.Inventory;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One simulated cluster: a real agent that reports generated content. {@link VirtualFleet#add}
 * makes it. Safe for use by any thread.
 */
public final class VirtualCluster {
  private final AgentOptions options;
  private final VirtualInventory inventory;
  private final @Nullable SharedConnections shared;
  private volatile ClusterId id;
  private volatile long acceptedAt;
  private AgentRuntime agent;
  private boolean alive = true;
  private boolean closed;

  /**
   * @param shared null when each run of the agent has connections of its own
   */
  VirtualCluster(
      AgentOptions.Builder options,
      AgentListener counters,
      VirtualInventory inventory,
      @Nullable SharedConnections shared) {
    this.inventory = inventory;
    this.shared = shared;
    this.options = options.listener(new Heard(counters)).build();
    agent = newAgent();
    agent.start();
  }

  private AgentRuntime newAgent() {
    return shared == null
        ? new AgentRuntime(options)
        : new AgentRuntime(options, options.resources().orElseThrow(), shared.transport());
  }

  /** Falls silent, and comes back, when the spec says so. */
  void schedule(VirtualClusterSpec spec, AgentResources resources) {
    for (VirtualTrouble trouble : spec.troubles()) {
      if (trouble.kind() == VirtualTrouble.Kind.SILENCE) {
        long begins = Math.max(0, trouble.begins().toMillis());
        long ends = begins + trouble.lasts().toMillis();
        var silent = resources.heartbeats().schedule(this::goSilent, begins, TimeUnit.MILLISECONDS);
        var back = resources.heartbeats().schedule(this::comeBack, ends, TimeUnit.MILLISECONDS);
      }
    }
  }

  /** The id that the server gave; empty until the agent has enrolled. */
  public Optional<ClusterId> id() {
    return Optional.ofNullable(id);
  }

  /** What it holds, as its agent saw it last. */
  public Inventory held() {
    return inventory.shown();
  }

  /** When the server last said that it has a beat, by {@link System#nanoTime}; 0 before. */
  public long acceptedAtNanos() {
    return acceptedAt;
  }

  /** Stops the agent without a goodbye, as if its machine had lost its power. */
  public synchronized void goSilent() {
    if (alive) {
      alive = false;
      agent.abandon();
    }
  }

  /** Starts a new run of the agent with the stored key; does nothing while one runs. */
  public synchronized void comeBack() {
    if (!alive && !closed) {
      alive = true;
      agent = newAgent();
      agent.start();
    }
  }

  synchronized void close(String reason) {
    closed = true;
    if (alive) {
      alive = false;
      agent.close(reason);
    }
  }

  /** Keeps the id and hands everything on. */
  private final class Heard implements AgentListener {
    private final AgentListener counters;

    Heard(AgentListener counters) {
      this.counters = counters;
    }

    @Override
    public void enrolled(ClusterId cluster) {
      id = cluster;
      counters.enrolled(cluster);
    }

    @Override
    public void beatAccepted(BeatReport report) {
      acceptedAt = System.nanoTime();
      counters.beatAccepted(report);
    }

    @Override
    public void callFailed(CallFailure failure) {
      counters.callFailed(failure);
    }

    @Override
    public void commandFinished(CommandId command, String kind, CommandState state, String reason) {
      counters.commandFinished(command, kind, state, reason);
    }
  }
}
