package cx.niro.core;

import java.util.Locale;

/**
 * Every error that Niro answers with: the stable {@code code} of its problem document, its HTTP
 * status and how loudly a server logs it. Agents, servers and {@code docs/protocol.md} all read
 * this one table.
 */
public enum ErrorCode {
  TOKEN_MALFORMED(400, LogLevel.INFO, "The enrollment token is incomplete or mistyped"),
  TOKEN_UNKNOWN(401, LogLevel.INFO, "The enrollment token is not known"),
  TOKEN_EXPIRED(410, LogLevel.INFO, "The enrollment token has expired"),
  TOKEN_USED(409, LogLevel.INFO, "The enrollment token was already used"),
  CLUSTER_ALREADY_ENROLLED(409, LogLevel.INFO, "This Kubernetes cluster is already enrolled"),
  PROTOCOL_UNSUPPORTED(426, LogLevel.INFO, "No protocol version in common"),
  KEY_MISSING(401, LogLevel.DEBUG, "An agent key is required"),
  KEY_MALFORMED(401, LogLevel.INFO, "The agent key is incomplete or mistyped"),
  KEY_UNKNOWN(401, LogLevel.INFO, "The agent key is not known"),
  KEY_REVOKED(401, LogLevel.INFO, "The agent key was revoked"),
  BOOT_SUPERSEDED(409, LogLevel.INFO, "A newer agent of this cluster has taken over"),
  SEQUENCE_STALE(409, LogLevel.DEBUG, "A newer heartbeat was already accepted"),
  MALFORMED_BODY(400, LogLevel.INFO, "The body could not be read"),
  BODY_TIMEOUT(408, LogLevel.DEBUG, "The body did not arrive in time"),
  BODY_TOO_LARGE(413, LogLevel.INFO, "The body is over its limit"),
  UNSUPPORTED_MEDIA_TYPE(415, LogLevel.DEBUG, "The content type or encoding is not supported"),
  TOO_MANY_REQUESTS(429, LogLevel.DEBUG, "Too many requests"),
  OVERLOADED(503, LogLevel.WARN, "The server is at its limit"),
  STARTING_OR_STOPPING(503, LogLevel.DEBUG, "The server is starting or stopping"),
  STREAM_UNREACHABLE(503, LogLevel.INFO, "The stream lives on another replica"),
  NOT_AUTHENTICATED(401, LogLevel.DEBUG, "Authentication is required"),
  FORBIDDEN(403, LogLevel.INFO, "Not allowed"),
  NOT_FOUND(404, LogLevel.DEBUG, "Not found"),
  METHOD_NOT_ALLOWED(405, LogLevel.DEBUG, "Method not allowed"),
  UNKNOWN_PARAMETER(400, LogLevel.DEBUG, "The call does not take this parameter"),
  INVALID_FIELD(422, LogLevel.DEBUG, "A field is not valid"),
  CONFIRMATION_REQUIRED(422, LogLevel.DEBUG, "The deletion was not confirmed"),
  NAME_TAKEN(409, LogLevel.DEBUG, "The name is taken"),
  CAPABILITY_MISSING(409, LogLevel.INFO, "The cluster's agent does not have the capability"),
  AGENT_DUPLICATE(409, LogLevel.INFO, "Two agents use the key of this cluster"),
  TOO_MANY_COMMANDS(409, LogLevel.INFO, "The cluster has too many open commands"),
  COMMAND_FINISHED(409, LogLevel.DEBUG, "The command is already finished"),
  IDEMPOTENCY_CONFLICT(409, LogLevel.DEBUG, "The idempotency key was used for another request"),
  INCIDENT_FIRING(409, LogLevel.DEBUG, "A firing incident cannot be deleted"),
  INCIDENT_RESOLVED(409, LogLevel.DEBUG, "A resolved incident is over"),
  INTERNAL(500, LogLevel.ERROR, "Internal error");

  /** How loudly a server logs an error; the names are those of SLF4J. */
  public enum LogLevel {
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  private final int httpStatus;
  private final LogLevel logLevel;
  private final String title;

  ErrorCode(int httpStatus, LogLevel logLevel, String title) {
    this.httpStatus = httpStatus;
    this.logLevel = logLevel;
    this.title = title;
  }

  /** The stable name on the wire, for example {@code token_used}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public int httpStatus() {
    return httpStatus;
  }

  public LogLevel logLevel() {
    return logLevel;
  }

  /** One short sentence for people, the same for every occurrence. */
  public String title() {
    return title;
  }
}
