package cx.niro.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much this process tells on standard error. */
public final class Logs {
  private Logs() {}

  /**
   * Leaves only warnings of the server and nothing of the agents, of which hundreds in one process
   * would hide what the command prints, and which are counted; {@code NIRO_LOG_LEVEL} wins.
   */
  public static void withoutAgents() {
    if (System.getenv("NIRO_LOG_LEVEL") == null) {
      set("cx.niro", Level.WARN);
      set("cx.niro.agent", Level.OFF);
    }
  }

  private static void set(String name, Level level) {
    if (LoggerFactory.getLogger(name) instanceof Logger logger) {
      logger.setLevel(level);
    }
  }
}
