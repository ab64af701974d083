package cx.niro.agent.spi;

/**
 * Carries out the commands of one kind.
 *
 * <p>Commands are delivered at least once: after a lost answer the agent itself repeats the outcome
 * from memory, but after a restart of the agent a command may be offered again.
 */
public interface CommandHandler {

  /**
   * The kind it answers to: one of the built-in kinds, or {@code vendor.name} in lower case. A kind
   * with a dot is advertised as a capability of the same name.
   */
  String kind();

  /**
   * Whether running a command twice does no harm. Only then may the server offer it again to a new
   * run of the agent; otherwise its outcome stays unknown. Advertised with the kind.
   */
  default boolean idempotent() {
    return false;
  }

  /**
   * Does the work. Runs on one of the agent's bounded workers and may block; different commands run
   * at the same time. When the command is cancelled, or the agent closes, {@link
   * CommandContext#isCancelled} turns true and the thread is interrupted.
   *
   * @throws Exception ends the command as {@code failed} with the exception's message as its
   *     reason, or as {@code cancelled} when cancelling was asked for
   */
  CommandOutcome handle(CommandContext context) throws Exception;
}
