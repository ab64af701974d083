package cx.niro.server.internal;

import cx.niro.core.protocol.PollReply;
import cx.niro.core.protocol.PollRequest;
import cx.niro.server.AgentCaller;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A poll that waits for something to be due; lane-confined but for its future. */
final class ParkedPoll {
  static final PollReply NOTHING = new PollReply(List.of(), List.of(), List.of(), null);

  final AgentCaller caller;
  final PollRequest request;
  final CompletableFuture<PollReply> reply = new CompletableFuture<>();
  @Nullable Future<?> timer;

  /** When whoever parked it has gone, by elapsed time. */
  long untilNanos;

  ParkedPoll(AgentCaller caller, PollRequest request) {
    this.caller = caller;
    this.request = request;
  }
}
