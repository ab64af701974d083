package cx.niro.core.protocol;

/** A candidate for the agent's next key. */
public record KeyReply(String agentKey) {
  /** Names no secret. */
  @Override
  public String toString() {
    return "KeyReply";
  }
}
