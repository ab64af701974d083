package cx.niro.core.protocol;

import cx.niro.core.BootId;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.ContentDigest;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.core.snapshot.SnapshotDelta;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The content that a receiver of beats holds of one cluster, and the rules by which the next beat
 * changes it. A value: {@link #apply} returns what is held afterwards and changes nothing.
 *
 * @param bootId the run of the agent that sent it
 * @param revision the sender's revision of it
 * @param digest {@link ContentDigest} of the objects held here
 * @param gap the sender's digest minus {@code digest}: the share of objects that the decoder left
 *     out, 0 when it took all
 */
public record HeldContent(
    BootId bootId, long revision, ClusterSnapshot snapshot, long digest, long gap) {

  /**
   * What became of a beat.
   *
   * @param held what is held now; null for nothing yet
   * @param changed whether it differs from before
   * @param resync why a full beat is needed, for people; null when the beat was taken
   */
  public record Applied(@Nullable HeldContent held, boolean changed, @Nullable String resync) {
    /** Whether the sender must send everything, because what it sent could not be taken. */
    public boolean needsResync() {
      return resync != null;
    }
  }

  /**
   * Takes a beat's content, or says why a full one is needed; {@code held} then stays as it was.
   *
   * <ul>
   *   <li>unchanged is taken when revision, and digest where given, are those held;
   *   <li>a delta is taken when its base is the revision held and, where a digest is given, the
   *       merge arrives at it and leaves no section over its limit;
   *   <li>a full one is taken unless the same run of the agent already sent a newer one.
   * </ul>
   *
   * <p>Which of two runs of an agent is the current one is decided before, by the caller.
   *
   * @param held null for nothing yet
   */
  public static Applied apply(@Nullable HeldContent held, BootId bootId, BeatContent content) {
    String refusal = Head.refusal(held == null ? null : held.head(), bootId, content);
    return refusal != null
        ? refused(held, refusal)
        : content.fold(
            unchanged -> new Applied(held, false, null),
            delta -> Objects.requireNonNull(held, "held").delta(delta),
            full -> full(bootId, full));
  }

  /** Everything but the objects. */
  public Head head() {
    return new Head(bootId, revision, digest, gap);
  }

  /**
   * What is to be known of a content to tell whether a beat goes on from it; the components are
   * those of {@link HeldContent}.
   */
  public record Head(BootId bootId, long revision, long digest, long gap) {
    /**
     * Why a beat cannot be taken, as far as the head tells; null when it may be. Of an unchanged
     * one that is all there is to ask.
     *
     * @param held null for nothing yet
     */
    public static @Nullable String refusal(
        @Nullable Head held, BootId bootId, BeatContent content) {
      Head mine = held != null && held.bootId.equals(bootId) ? held : null;
      return content.fold(
          unchanged -> mine == null ? unknown(bootId) : mine.refusal(unchanged),
          delta -> mine == null ? unknown(bootId) : mine.refusal(delta),
          full ->
              mine != null && full.revision() < mine.revision
                  ? "revision " + full.revision() + " is older than " + mine.revision
                  : null);
    }

    private static String unknown(BootId bootId) {
      return "nothing is held of boot id " + bootId;
    }

    private @Nullable String refusal(BeatContent.Unchanged content) {
      if (content.revision() != revision) {
        return "revision " + content.revision() + " is not held, but " + revision;
      }
      return agrees(content.digest(), digest)
          ? null
          : "the digest is not that of revision " + revision;
    }

    private @Nullable String refusal(BeatContent.Delta content) {
      return content.baseRevision() == revision && content.revision() > revision
          ? null
          : "a delta from "
              + content.baseRevision()
              + " to "
              + content.revision()
              + " does not fit revision "
              + revision;
    }

    private boolean agrees(@Nullable String theirs, long ours) {
      return theirs == null || ContentDigest.parse(theirs) == ours + gap;
    }
  }

  private Applied delta(BeatContent.Delta content) {
    SnapshotDelta delta = content.delta();
    long next = ContentDigest.after(digest, snapshot.objects(), delta);
    if (!head().agrees(content.digest(), next)) {
      return refused(this, "the digest differs after the delta to " + content.revision());
    }
    ClusterSnapshot merged = keepingGaps(delta.applyTo(snapshot));
    if (isCrowded(merged)) {
      return refused(this, "a section would have more than " + Limits.SECTION_OBJECTS + " objects");
    }
    return new Applied(new HeldContent(bootId, content.revision(), merged, next, gap), true, null);
  }

  /** The decoder's limit holds for what deltas add up to as well. */
  private static boolean isCrowded(ClusterSnapshot merged) {
    return Stream.of(Section.values())
        .anyMatch(section -> merged.objects().of(section).size() > Limits.SECTION_OBJECTS);
  }

  /**
   * A full beat is the truth even if its digest disagrees: asking for another would bring the same
   * one.
   */
  private static Applied full(BootId bootId, BeatContent.Full content) {
    long digest = ContentDigest.of(content.snapshot().objects());
    String theirs = content.digest();
    long gap = theirs == null ? 0 : ContentDigest.parse(theirs) - digest;
    return new Applied(
        new HeldContent(bootId, content.revision(), content.snapshot(), digest, gap), true, null);
  }

  private static Applied refused(@Nullable HeldContent held, String why) {
    return new Applied(held, false, why);
  }

  /** What the decoder left out of the base is still missing, whatever the sender's delta says. */
  private ClusterSnapshot keepingGaps(ClusterSnapshot merged) {
    Map<Section, SectionStatus> sections = new EnumMap<>(Section.class);
    sections.putAll(merged.sections());
    snapshot
        .sections()
        .forEach(
            (section, was) -> {
              SectionStatus is = merged.section(section);
              if (was.isFromDecoder() && is.state() == SectionStatus.State.COMPLETE) {
                sections.put(section, was);
              }
            });
    return new ClusterSnapshot(merged.info(), sections, merged.objects());
  }
}
