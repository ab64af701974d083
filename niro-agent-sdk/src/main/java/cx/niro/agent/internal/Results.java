package cx.niro.agent.internal;

import cx.niro.agent.CallFailure;
import cx.niro.agent.internal.Transport.Call;
import cx.niro.core.CommandId;
import cx.niro.core.protocol.CommandResult;
import cx.niro.core.protocol.HeldCommand;
import cx.niro.core.protocol.Limits;
import cx.niro.core.protocol.Protocol;
import cx.niro.core.protocol.ResultReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Results on their way to the server: each is kept and sent again until the server's answer is
 * final. Confined to the command lane.
 */
final class Results {
  private static final Logger log = LoggerFactory.getLogger(Results.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Set<Integer> FINAL = Set.of(404, 409, 410, 413, 422);

  private final Parts parts;
  private final Lane lane;
  private final Map<CommandId, Outgoing> outgoing = new LinkedHashMap<>();
  private final Consumer<String> onUnauthorized;
  private final Runnable onSettled;

  /** One result; {@code waiting} while neither a call nor a timer is under way for it. */
  private static final class Outgoing {
    final CommandResult result;
    int failures;
    boolean waiting;

    Outgoing(CommandResult result) {
      this.result = result;
    }
  }

  Results(Parts parts, Lane lane, Consumer<String> onUnauthorized, Runnable onSettled) {
    this.parts = parts;
    this.lane = lane;
    this.onUnauthorized = onUnauthorized;
    this.onSettled = onSettled;
  }

  void add(CommandId id, CommandResult result) {
    if (!outgoing.containsKey(id)) {
      outgoing.put(id, new Outgoing(result));
      send(id);
    }
  }

  boolean holds(CommandId id) {
    return outgoing.containsKey(id);
  }

  int size() {
    return outgoing.size();
  }

  List<HeldCommand> held() {
    List<HeldCommand> held = new ArrayList<>();
    outgoing.forEach(
        (id, out) -> held.add(new HeldCommand(id, out.result.state(), out.result.attempt())));
    return held;
  }

  /** The server has it. */
  void settled(CommandId id) {
    if (outgoing.remove(id) != null) {
      onSettled.run();
    }
  }

  /** Sends what waits for a key that works. */
  void resume() {
    outgoing.forEach(
        (id, out) -> {
          if (out.waiting) {
            lane.execute(() -> send(id));
          }
        });
  }

  private void send(CommandId id) {
    Outgoing out = outgoing.get(id);
    String key = parts.keys().active();
    if (out == null) {
      return;
    }
    out.waiting = key == null;
    if (key == null) {
      return;
    }
    byte[] body = parts.codec().encode(out.result);
    Call call = new Call(Protocol.resultRoute(id), body, key, PATIENCE, false, Limits.SMALL_BYTES);
    parts
        .exchanges()
        .send(
            lane,
            call,
            ResultReply.class,
            reply -> settled(id),
            failure -> failed(id, out, key, failure));
  }

  private void failed(CommandId id, Outgoing out, String key, CallFailure failure) {
    boolean accepted = failure.status() >= 200 && failure.status() < 300;
    if (accepted || FINAL.contains(failure.status())) {
      log.info("The result of command {} is settled: {}", id, failure);
      settled(id);
      return;
    }
    parts.listener().tell(listener -> listener.callFailed(failure));
    if (KeySteps.isRefusal(failure)) {
      out.waiting = true;
      onUnauthorized.accept(key);
      return;
    }
    out.failures++;
    if (out.failures == 1) {
      log.warn("The result of command {} is sent again: {}", id, failure);
    }
    Duration wait = BackOff.wait(out.failures, failure.retryAfter(), parts.drawn());
    lane.schedule(wait, () -> send(id));
  }
}
