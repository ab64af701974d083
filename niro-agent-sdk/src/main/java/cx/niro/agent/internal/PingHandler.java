package cx.niro.agent.internal;

import cx.niro.agent.spi.CommandContext;
import cx.niro.agent.spi.CommandHandler;
import cx.niro.agent.spi.CommandOutcome;
import cx.niro.core.protocol.RawJson;
import java.time.InstantSource;

/** Answers with the agent's clock; never blocks, so the command lane runs it itself. */
final class PingHandler implements CommandHandler {
  static final String KIND = "ping";

  private final InstantSource instants;

  PingHandler(InstantSource instants) {
    this.instants = instants;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public boolean idempotent() {
    return true;
  }

  @Override
  public CommandOutcome handle(CommandContext context) {
    return CommandOutcome.succeeded(new RawJson("{\"agentTime\":" + instants.millis() + "}"));
  }
}
