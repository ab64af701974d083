package cx.niro.core.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The payload of a command of kind {@code logs}: whose lines are wanted.
 *
 * @param container null for the only one of the pod
 * @param follow whether new lines are sent as they are written, until the stream is stopped
 * @param tailLines begin with so many of the last lines; null for all
 * @param previous of the container's previous run
 * @param sinceSeconds no lines older than this; null for any age
 */
public record LogRequest(
    @Token(min = 1, max = Limits.NAME_CHARS) String namespace,
    @Token(min = 1, max = Limits.NAME_CHARS) String pod,
    @Nullable @Token(min = 1, max = Limits.NAME_CHARS) String container,
    boolean follow,
    @Nullable @Range(max = Limits.LOG_TAIL_LINES) Integer tailLines,
    boolean previous,
    @Nullable @Range(min = 1) Long sinceSeconds) {
  /** The kind of the command. */
  public static final String KIND = "logs";

  /** The same, as it goes on after an interruption. */
  public LogRequest since(long seconds) {
    return new LogRequest(namespace, pod, container, follow, null, previous, seconds);
  }
}
