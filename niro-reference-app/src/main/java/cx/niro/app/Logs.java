package cx.niro.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much this process tells on standard error. */
public final class Logs {
  private Logs() {}

  /**
   * Leaves only warnings of Niro, where hundreds of agents in one process would hide what the
   * command prints; {@code NIRO_LOG_LEVEL} wins.
   */
  public static void onlyWarnings() {
    if (LoggerFactory.getLogger("cx.niro") instanceof Logger logger
        && System.getenv("NIRO_LOG_LEVEL") == null) {
      logger.setLevel(Level.WARN);
    }
  }
}
