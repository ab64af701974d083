package cx.niro.agent.internal;

import cx.niro.core.protocol.BeatContent;
import cx.niro.core.protocol.HeartbeatReply;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.ContentDigest;
import cx.niro.core.snapshot.SnapshotDelta;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster holds, at which revision, and what of it the server has confirmed. Confined to
 * the heartbeat lane.
 */
final class Content {
  /** A snapshot with its revision and digest. */
  record Version(long revision, long digest, ClusterSnapshot snapshot) {
    String digestText() {
      return ContentDigest.text(digest);
    }
  }

  private final ObjectHashes hashes;
  private Version current = new Version(0, 0, ClusterSnapshot.EMPTY);
  private @Nullable Version confirmed;

  Content(NiroCodec codec) {
    hashes = new ObjectHashes(codec);
  }

  /** Takes what was collected; the revision rises only if something differs. */
  Version observe(ClusterSnapshot collected) {
    ClusterSnapshot next = hashes.fill(collected);
    long digest = ContentDigest.of(next.objects());
    ClusterSnapshot was = current.snapshot();
    boolean same =
        current.revision() > 0
            && digest == current.digest()
            && next.info().equals(was.info())
            && next.sections().equals(was.sections());
    if (!same) {
      current = new Version(current.revision() + 1, digest, next);
    }
    return current;
  }

  Version current() {
    return current;
  }

  /** The smallest form in which the server can learn of the current version. */
  BeatContent next() {
    return form(confirmed, current);
  }

  static BeatContent form(@Nullable Version confirmed, Version current) {
    if (confirmed == null) {
      return new BeatContent.Full(current.revision(), current.digestText(), current.snapshot());
    }
    if (confirmed.revision() == current.revision()) {
      // The boot id and the revision say which content it is; the server checked its digest then.
      return new BeatContent.Unchanged(current.revision(), null);
    }
    return new BeatContent.Delta(
        current.revision(),
        confirmed.revision(),
        current.digestText(),
        SnapshotDelta.between(confirmed.snapshot(), current.snapshot()));
  }

  /** Learns from the answer to a beat that carried {@code sent} what the server has now. */
  void answered(Version sent, HeartbeatReply reply) {
    if (reply.wantsResync()) {
      confirmed = null;
    } else if (reply.confirmedRevision() == sent.revision()) {
      confirmed = sent;
    } else if (confirmed != null && reply.confirmedRevision() != confirmed.revision()) {
      confirmed = null;
    }
  }

  /** The next beat is a full one. */
  void forgetConfirmed() {
    confirmed = null;
  }
}
