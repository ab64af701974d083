package cx.niro.agent;

import cx.niro.agent.internal.SystemTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The threads, clocks and randomness that an agent runs on. By default every agent makes its own:
 * one thread for heartbeats, one for commands, at most {@value AgentOptions#DEFAULT_WORKERS}
 * workers and the threads that wait for the network. Hand the same resources to many agents to let
 * them share, see {@link #shared}.
 *
 * <p>Agents never close resources that were handed to them; close them after the agents.
 */
public final class AgentResources implements AutoCloseable {
  private final ScheduledExecutorService heartbeats;
  private final ScheduledExecutorService commands;
  private final ExecutorService workers;
  private final ExecutorService network;
  private final InstantSource instants;
  private final LongSupplier nanos;
  private final RandomGenerator random;
  private final List<ExecutorService> own;

  private AgentResources(Builder builder) {
    own = new ArrayList<>();
    heartbeats = given(builder.heartbeats, () -> SystemTime.scheduler("niro-heartbeat", 1));
    commands = given(builder.commands, () -> SystemTime.scheduler("niro-commands", 1));
    workers = given(builder.workers, () -> SystemTime.threads("niro-worker"));
    network = given(builder.network, () -> SystemTime.threads("niro-network"));
    instants = builder.instants;
    nanos = builder.nanos;
    random = builder.random;
  }

  private <T extends ExecutorService> T given(@Nullable T theirs, Supplier<T> make) {
    if (theirs != null) {
      return theirs;
    }
    T ours = make.get();
    own.add(ours);
    return ours;
  }

  /** Threads of their own for one agent; what the agent makes by itself when it is given none. */
  public static AgentResources create() {
    return builder().build();
  }

  /**
   * Resources for many agents in one process: heartbeats and commands of all of them take turns on
   * {@code threads} threads. Each parked poll still holds one network thread.
   */
  public static AgentResources shared(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, but was " + threads);
    }
    ScheduledExecutorService turns = SystemTime.scheduler("niro-agents", threads);
    AgentResources resources = builder().heartbeats(turns).commands(turns).build();
    resources.own.add(turns);
    return resources;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Runs the heartbeats: collecting, key stores, answers to beats. May block. */
  public ScheduledExecutorService heartbeats() {
    return heartbeats;
  }

  /** Runs the command loop. Never blocks for long. */
  public ScheduledExecutorService commands() {
    return commands;
  }

  /** Runs command handlers; an agent never has more than its workers in it. */
  public ExecutorService workers() {
    return workers;
  }

  /** Waits for the network: one thread for each call that is under way. */
  public ExecutorService network() {
    return network;
  }

  public InstantSource instants() {
    return instants;
  }

  /** Elapsed time, as {@link System#nanoTime}. */
  public LongSupplier nanos() {
    return nanos;
  }

  public RandomGenerator random() {
    return random;
  }

  /** Stops the threads that were made here, not those that were handed in. */
  @Override
  public void close() {
    own.forEach(ExecutorService::shutdownNow);
  }

  /** What is not set is made, and closed with the resources. */
  public static final class Builder {
    private @Nullable ScheduledExecutorService heartbeats;
    private @Nullable ScheduledExecutorService commands;
    private @Nullable ExecutorService workers;
    private @Nullable ExecutorService network;
    private InstantSource instants = SystemTime.clock();
    private LongSupplier nanos = SystemTime.nanos();
    private RandomGenerator random = SystemTime.random();

    private Builder() {}

    public Builder heartbeats(ScheduledExecutorService executor) {
      heartbeats = Objects.requireNonNull(executor, "executor");
      return this;
    }

    public Builder commands(ScheduledExecutorService executor) {
      commands = Objects.requireNonNull(executor, "executor");
      return this;
    }

    public Builder workers(ExecutorService executor) {
      workers = Objects.requireNonNull(executor, "executor");
      return this;
    }

    public Builder network(ExecutorService executor) {
      network = Objects.requireNonNull(executor, "executor");
      return this;
    }

    public Builder instants(InstantSource source) {
      instants = Objects.requireNonNull(source, "source");
      return this;
    }

    public Builder nanos(LongSupplier source) {
      nanos = Objects.requireNonNull(source, "source");
      return this;
    }

    /** Must be a {@link java.security.SecureRandom} outside tests: request ids come from it. */
    public Builder random(RandomGenerator source) {
      random = Objects.requireNonNull(source, "source");
      return this;
    }

    public AgentResources build() {
      return new AgentResources(this);
    }
  }
}
