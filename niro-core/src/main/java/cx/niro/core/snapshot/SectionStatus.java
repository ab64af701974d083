package cx.niro.core.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * How much of a section a snapshot holds. Rules read a section that is not {@link State#COMPLETE}
 * as unknown, never as healthy.
 *
 * @param total objects that the agent saw
 * @param dropped objects left out, by the agent for size or by the decoder as unreadable
 * @param reason why it is not complete, for people; the first bad path when the decoder dropped
 *     something
 */
public record SectionStatus(
    State state, @Nullable Integer total, int dropped, @Nullable @Text(max = 256) String reason) {
  /** What a section's objects can be relied on for. */
  public enum State {
    COMPLETE,
    PARTIAL,
    ERROR,
    OFF
  }

  public static final SectionStatus COMPLETE = new SectionStatus(State.COMPLETE, null, 0, null);
  public static final SectionStatus OFF = new SectionStatus(State.OFF, null, 0, null);

  /**
   * Whether a decoder put it, because it left objects out: the reason is then the path of the
   * first.
   */
  public boolean isFromDecoder() {
    return reason != null && reason.startsWith("$.");
  }
}
