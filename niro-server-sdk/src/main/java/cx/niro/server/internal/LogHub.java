package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.ClusterStatus;
import cx.niro.core.CommandId;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.NiroException;
import cx.niro.core.RetryLaterException;
import cx.niro.core.StatusVerdict;
import cx.niro.core.protocol.CommandOffer;
import cx.niro.core.protocol.CommandResult;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.LogEnd;
import cx.niro.core.protocol.LogPiece;
import cx.niro.core.protocol.LogRequest;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.protocol.Protocol;
import cx.niro.core.protocol.RawJson;
import cx.niro.core.protocol.StreamReply;
import cx.niro.core.snapshot.Capabilities;
import cx.niro.server.AgentCaller;
import cx.niro.server.Logs;
import cx.niro.server.internal.relay.Relay;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The streams that are open: asks agents for them through their polls, takes their pieces and
 * shares them out. In memory only, and never in a cluster's lane but to ask.
 */
final class LogHub implements Logs {
  private static final Set<ClusterStatus> REACHABLE =
      Set.of(ClusterStatus.HEALTHY, ClusterStatus.WARNING, ClusterStatus.CRITICAL);

  /** After so long without a piece, of which there is one each second, an agent is asked again. */
  private static final Duration SILENCE = Protocol.STREAM_START;

  /** What may wait for one agent's next poll. */
  private static final int MOST_OFFERS = 2 * Protocol.STREAMS_LIMIT;

  private static final NiroCodec CODEC = NiroCodec.create();
  private static final StreamReply GO_ON = new StreamReply(false, Protocol.STREAM_LINES_PER_SECOND);
  private static final StreamReply STOP = new StreamReply(true, null);

  private final Platform platform;
  private final LiveClusters clusters;
  private final PollDesk polls;
  private final @Nullable Relay relay;
  private final Map<CommandId, LogFeed> feeds = new ConcurrentHashMap<>();
  private final Map<Key, LogFeed> shared = new ConcurrentHashMap<>();
  private final Map<LogView, Long> unstarted = new ConcurrentHashMap<>();

  private record Key(ClusterId cluster, LogRequest request) {}

  /**
   * @param relay to the other servers over the same stores; null when there can be none
   */
  LogHub(Platform platform, LiveClusters clusters, PollDesk polls, @Nullable Relay relay) {
    this.platform = platform;
    this.clusters = clusters;
    this.polls = polls;
    this.relay = relay;
  }

  private CommandId newStream() {
    return relay == null ? new CommandId(platform.newId()) : relay.newStream();
  }

  private long now() {
    return platform.nanos().getAsLong();
  }

  @Override
  public CompletionStage<View> open(ClusterId cluster, LogRequest request) {
    LiveCluster live = clusters.get(cluster);
    clusters.inLaneForUser(
        live,
        () -> {
          requireReachable(clusters.verdict(live));
          requireCapability(live);
          return true;
        });
    if (feeds.values().stream().mapToInt(LogFeed::viewers).sum() >= VIEWERS_LIMIT) {
      throw new RetryLaterException(
          ErrorCode.OVERLOADED, VIEWERS_LIMIT + " views of logs are open, which is the limit");
    }
    LogFeed there = shared.get(new Key(cluster, request));
    LogView joined = there == null ? null : there.join();
    return there == null || joined == null ? ask(live, request) : opened(there, joined);
  }

  private CompletionStage<View> opened(LogFeed feed, LogView view) {
    unstarted.put(view, now());
    CompletableFuture<View> opened = new CompletableFuture<>();
    var unused =
        feed.begun.whenCompleteAsync(
            (begun, failure) -> {
              if (failure == null) {
                opened.complete(view);
              } else {
                view.close();
                opened.completeExceptionally(failure);
              }
            },
            platform.executor());
    return opened;
  }

  private CompletionStage<View> ask(LiveCluster live, LogRequest request) {
    if (openOf(live.id) >= Protocol.STREAMS_LIMIT) {
      throw new RetryLaterException(
          ErrorCode.TOO_MANY_REQUESTS,
          "the cluster's agent has "
              + Protocol.STREAMS_LIMIT
              + " streams open, which is the limit");
    }
    LogFeed feed = new LogFeed(live.id, request, newStream(), platform.nanos());
    LogView view = feed.join();
    if (view == null) {
      throw new IllegalStateException("a new stream is not over");
    }
    feeds.put(feed.id(), feed);
    if (LogFeed.isShared(request)) {
      shared.put(new Key(live.id, request), feed);
    }
    offer(live, feed, request);
    return opened(feed, view);
  }

  private long openOf(ClusterId cluster) {
    return feeds.values().stream()
        .filter(feed -> feed.cluster.equals(cluster) && !feed.isOver())
        .count();
  }

  /** With the agent's next poll, at once when one is parked. */
  private void offer(LiveCluster live, LogFeed feed, LogRequest request) {
    CommandId id = feed.id();
    String payload = new String(CODEC.encode(request), StandardCharsets.UTF_8);
    CommandOffer offer =
        new CommandOffer(
            id, LogRequest.KIND, new RawJson(payload), 1, Protocol.STREAM_START.toSeconds(), null);
    clusters.inLaneAsItIs(
        live,
        () -> {
          // An agent that never polls must not make this grow.
          live.transients.removeIf(old -> old.get() == null);
          live.transients.add(() -> feed.isWanted(id) ? offer : null);
        });
    polls.wake(live);
    if (relay != null) {
      relay.offer(live.id, offer);
    }
  }

  /** For a viewer at another server, with the poll that is parked here or comes in time. */
  void offered(ClusterId cluster, CommandOffer offer) {
    LiveCluster live = clusters.get(cluster);
    long until = now() + Protocol.STREAM_START.toNanos();
    clusters.inLaneAsItIs(
        live,
        () -> {
          live.transients.removeIf(old -> old.get() == null);
          if (live.transients.size() < MOST_OFFERS) {
            live.transients.add(() -> now() < until ? offer : null);
          }
        });
    polls.wake(live);
  }

  private static void requireReachable(StatusVerdict verdict) {
    if (!REACHABLE.contains(verdict.status())) {
      throw new RetryLaterException(
          ErrorCode.STREAM_UNREACHABLE,
          "the cluster is " + verdict.status().wireName() + ": " + verdict.reason());
    }
  }

  private static void requireCapability(LiveCluster live) {
    Capabilities granted = live.state().info().capabilities();
    if (!granted.has(Capabilities.LOGS)) {
      throw new InvalidRequestException(
          ErrorCode.CAPABILITY_MISSING,
          "the cluster's agent may not read logs; run its installer again with NIRO_ENABLE_LOGS=1");
    }
  }

  /** A piece from an agent, which another server may be waiting for. */
  CompletionStage<StreamReply> take(AgentCaller caller, CommandId id, LogPiece piece) {
    return relay != null && relay.isForeign(id)
        ? relay.piece(caller.cluster(), id, piece)
        : CompletableFuture.completedFuture(takeHere(caller.cluster(), id, piece));
  }

  /** The same for a stream that is looked at here; never blocks. */
  StreamReply takeHere(ClusterId cluster, CommandId id, LogPiece piece) {
    LogFeed feed = find(cluster, id);
    if (feed == null) {
      throw new InvalidRequestException(ErrorCode.NOT_FOUND, "there is no stream " + id);
    }
    LogEnd end = piece.end();
    if (end != null && !feed.begun.isDone() && isFailure(end)) {
      feed.begun.completeExceptionally(failure(end));
    }
    boolean more = feed.take(id, piece);
    feed.begun.complete(true);
    return more ? GO_ON : STOP;
  }

  private @Nullable LogFeed find(ClusterId cluster, CommandId id) {
    LogFeed feed = feeds.get(id);
    return feed != null && feed.cluster.equals(cluster) ? feed : null;
  }

  private static boolean isFailure(LogEnd end) {
    return !end.code().equals(LogEnd.FINISHED);
  }

  /**
   * An agent's word for what a viewer is answered; others than these say too much or too little.
   */
  private static NiroException failure(LogEnd end) {
    return switch (end.code()) {
      case "not_found" -> new InvalidRequestException(ErrorCode.NOT_FOUND, end.reason());
      case "invalid_field" -> new InvalidRequestException(ErrorCode.INVALID_FIELD, end.reason());
      case "forbidden" -> new InvalidRequestException(ErrorCode.FORBIDDEN, end.reason());
      default -> new RetryLaterException(ErrorCode.STREAM_UNREACHABLE, end.reason());
    };
  }

  /** False when it is not the result of a stream's command. */
  boolean result(AgentCaller caller, CommandId id, CommandResult result) {
    if (relay != null && relay.isForeign(id)) {
      relay.result(caller.cluster(), id, result);
      return true;
    }
    return resultHere(caller.cluster(), id, result);
  }

  /** The same for a stream that is looked at here. */
  boolean resultHere(ClusterId cluster, CommandId id, CommandResult result) {
    LogFeed feed = find(cluster, id);
    if (feed != null && result.state().isFinal() && result.state() != CommandState.SUCCEEDED) {
      giveUp(feed, "the agent has not opened the stream: " + result.reason());
    }
    return feed != null;
  }

  /** Once a second. */
  void tick() {
    long now = now();
    for (Map.Entry<CommandId, LogFeed> entry : feeds.entrySet()) {
      LogFeed feed = entry.getValue();
      LiveCluster live = clusters.known(feed.cluster);
      if (live == null) {
        feed.end(LogEnd.of(ErrorCode.NOT_FOUND, "the cluster was deleted"));
      } else {
        act(feed, live);
      }
    }
    feeds.entrySet().removeIf(entry -> isForgotten(entry.getKey(), entry.getValue()));
    shared.values().removeIf(LogFeed::isOver);
    unstarted.forEach((view, since) -> endUnstarted(view, now - since));
  }

  private void act(LogFeed feed, LiveCluster live) {
    switch (feed.due(SILENCE)) {
      case GIVE_UP ->
          giveUp(feed, "the agent has sent nothing for " + SILENCE.toSeconds() + " s" + hint());
      case ASK_AGAIN -> {
        CommandId next = newStream();
        LogRequest rest = feed.askAgain(next);
        feeds.put(next, feed);
        offer(live, feed, rest);
      }
      case FORGET, NOTHING -> {}
    }
  }

  /**
   * A stream that is over is known for one more tick at least, so that its agent is told to stop.
   */
  private boolean isForgotten(CommandId id, LogFeed feed) {
    return !feed.id().equals(id) || feed.isLongOver();
  }

  private String hint() {
    return relay == null ? "" : relay.hint();
  }

  private void giveUp(LogFeed feed, String why) {
    feed.begun.completeExceptionally(new RetryLaterException(ErrorCode.STREAM_UNREACHABLE, why));
    feed.end(LogEnd.of(ErrorCode.STREAM_UNREACHABLE, why));
  }

  private void endUnstarted(LogView view, long age) {
    if (view.isStarted()) {
      unstarted.remove(view);
    } else if (age > 3 * SILENCE.toNanos()) {
      unstarted.remove(view);
      view.close();
    }
  }

  /** Ends all. */
  void close() {
    List<LogFeed> all = new ArrayList<>(feeds.values());
    all.forEach(
        feed -> {
          String why = "the server stops";
          feed.begun.completeExceptionally(
              new RetryLaterException(ErrorCode.STARTING_OR_STOPPING, why));
          feed.end(LogEnd.of(ErrorCode.STARTING_OR_STOPPING, why));
        });
  }
}
