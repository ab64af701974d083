package cx.niro.core.protocol;

/** The sizes that both ends hold to; bytes are counted after decompression. */
public final class Limits {
  public static final long ENROLL_BYTES = 16 * 1024;
  public static final long HEARTBEAT_BYTES = 16L * 1024 * 1024;
  public static final long COMMAND_PAYLOAD_BYTES = 4L * 1024 * 1024;

  /** The payloads of a cluster's open commands together. */
  public static final long OPEN_PAYLOAD_BYTES = 16L * 1024 * 1024;

  public static final long POLL_REPLY_BYTES = 8L * 1024 * 1024;
  public static final long RESULT_BYTES = 1024 * 1024;

  /** One piece of a stream of log lines. */
  public static final long STREAM_BYTES = 512 * 1024;

  /** Lines of one piece. */
  public static final int LOG_LINES = 2_000;

  /** Characters of one line; what is longer is cut. */
  public static final int LOG_LINE_CHARS = 16 * 1024;

  /** The last lines that a stream may be asked to begin with. */
  public static final int LOG_TAIL_LINES = 100_000;

  /** Every other body. */
  public static final long SMALL_BYTES = 64 * 1024;

  /** All bodies being decoded by one server at a time; over it a server answers 503. */
  public static final long DECODING_BYTES = 64L * 1024 * 1024;

  /** Objects of one section. */
  public static final int SECTION_OBJECTS = 50_000;

  /** Names and uids; a longer one drops its object. */
  public static final int NAME_CHARS = 253;

  /** Text without a limit of its own. */
  public static final int TEXT_CHARS = 1024;

  /** Nesting of a document. */
  public static final int DEPTH = 64;

  /** Nesting of a command's payload, which is inside the answer to a poll. */
  public static final int PAYLOAD_DEPTH = DEPTH - 8;

  /** Members of a list or map inside one object. */
  public static final int MEMBERS = 1_000;

  /** Texts, numbers and objects of a document, so that many tiny ones do not fill the memory. */
  public static final int VALUES = 700_000;

  /** Bytes of one text. */
  public static final int TEXT_BYTES = 4 * 1024 * 1024;

  private Limits() {}
}
