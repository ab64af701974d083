package cx.niro.server.internal;

import cx.niro.core.protocol.BeatContent;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.protocol.HeldContent;
import cx.niro.core.protocol.HeldContent.Applied;
import org.jspecify.annotations.Nullable;

/**
 * What became of a beat's content.
 *
 * @param before what was held; null for nothing yet, and when nothing changed
 * @param content what is held now; null for nothing yet
 * @param resync why a full beat is needed; null when the beat was taken
 */
record Taken(
    @Nullable HeldContent before,
    @Nullable ClusterContent content,
    boolean changed,
    @Nullable String resync) {
  static Taken unchanged(@Nullable ClusterContent content, @Nullable String resync) {
    return new Taken(null, content, false, resync);
  }

  /** Closed content is decoded for a beat that changes it, and for no other. */
  static Taken of(@Nullable ClusterContent known, Ingest.Message message) {
    Heartbeat beat = message.beat();
    HeldContent.Head head = known == null ? null : known.head();
    String refusal = HeldContent.Head.refusal(head, beat.bootId(), beat.content());
    if (refusal != null || beat.content() instanceof BeatContent.Unchanged) {
      return unchanged(known, refusal);
    }
    HeldContent held = known == null ? null : known.content();
    Applied applied = HeldContent.apply(held, beat.bootId(), beat.content());
    HeldContent now = applied.held();
    return now == null || !applied.changed()
        ? unchanged(known, applied.resync())
        : new Taken(held, ClusterContent.after(known, now, beat, message.body()), true, null);
  }

  /** With its content open, for those who look at all of it one after the other. */
  Taken opened() {
    return content == null ? this : new Taken(before, content.opened(), changed, resync);
  }
}
