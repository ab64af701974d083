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
  public static final String STREAMS = "/agent/v1/streams/";
  public static final String KEYS = "/agent/v1/keys";
  public static final String GOODBYE = "/agent/v1/goodbye";

  public static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(15);

  /** How far each interval is drawn apart, to both sides. */
  public static final double HEARTBEAT_JITTER = 0.1;

  /** Under the minute after which common proxies end a request that has no answer yet. */
  public static final Duration POLL_WAIT = Duration.ofSeconds(50);

  public static final Duration POLL_WAIT_LIMIT = Duration.ofSeconds(55);
  public static final int POLL_SLOTS = 4;
  public static final Duration OFFER_LEASE = Duration.ofSeconds(30);
  public static final int COMMAND_ATTEMPTS = 3;
  public static final int OPEN_COMMANDS_LIMIT = 100;

  /** Streams that one agent has open at most. */
  public static final int STREAMS_LIMIT = 64;

  /** How long a stream may take to begin. */
  public static final Duration STREAM_START = Duration.ofSeconds(10);

  /** How often lines are sent while there are any. */
  public static final Duration STREAM_BATCH = Duration.ofMillis(200);

  /** How often an empty piece is sent while there are none. */
  public static final Duration STREAM_QUIET = Duration.ofSeconds(1);

  /** Characters of a piece after which it is sent without waiting for more. */
  public static final int STREAM_BATCH_CHARS = 64 * 1024;

  /** Lines of one stream and second, unless the server says otherwise. */
  public static final int STREAM_LINES_PER_SECOND = 2_000;

  private Protocol() {}

  /** The route that takes the outcome of one command. */
  public static String resultRoute(CommandId id) {
    return COMMANDS + id.value() + RESULT_SUFFIX;
  }

  /** The route that takes the pieces of the stream that this command has opened. */
  public static String streamRoute(CommandId id) {
    return STREAMS + id.value();
  }
}
