package cx.niro.core.protocol;

import cx.niro.core.CommandId;
import java.time.Duration;

/**
 * Version, routes and defaults of the agent protocol, in one place for both ends; {@code
 * docs/protocol.md} explains them.
 */
public final class Protocol {
  /** The only version so far. */
  public static final int VERSION = 1;

  public static final String ENROLL = "/agent/v1/enroll";
  public static final String HEARTBEAT = "/agent/v1/heartbeat";
  public static final String POLL = "/agent/v1/poll";
  public static final String COMMANDS = "/agent/v1/commands/";
  public static final String RESULT_SUFFIX = "/result";
  public static final String KEYS = "/agent/v1/keys";
  public static final String GOODBYE = "/agent/v1/goodbye";

  public static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(15);

  /** How far each interval is drawn apart, to both sides. */
  public static final double HEARTBEAT_JITTER = 0.1;

  public static final Duration POLL_WAIT = Duration.ofSeconds(30);
  public static final Duration POLL_WAIT_LIMIT = Duration.ofSeconds(55);
  public static final int POLL_SLOTS = 4;
  public static final Duration OFFER_LEASE = Duration.ofSeconds(30);
  public static final int COMMAND_ATTEMPTS = 3;
  public static final int OPEN_COMMANDS_LIMIT = 100;

  private Protocol() {}

  /** The route that takes the outcome of one command. */
  public static String resultRoute(CommandId id) {
    return COMMANDS + id.value() + RESULT_SUFFIX;
  }
}
