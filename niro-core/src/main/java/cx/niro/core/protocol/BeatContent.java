package cx.niro.core.protocol;

import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.SnapshotDelta;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a beat says of the cluster's content, in one of three forms; on the wire the member {@code
 * form} tells them apart. {@code revision} rises whenever content changed and never otherwise;
 * {@code digest} is that of {@code cx.niro.core.snapshot.ContentDigest} over the whole content at
 * that revision, and may be absent.
 */
public sealed interface BeatContent {
  long revision();

  @Nullable String digest();

  /** Calls the function that fits the form. */
  <T> T fold(Function<Unchanged, T> unchanged, Function<Delta, T> delta, Function<Full, T> full);

  /** Content as at the revision that the server confirmed. */
  record Unchanged(long revision, @Nullable String digest) implements BeatContent {
    @Override
    public <T> T fold(
        Function<Unchanged, T> unchanged, Function<Delta, T> delta, Function<Full, T> full) {
      return unchanged.apply(this);
    }
  }

  /**
   * What changed since {@code baseRevision} of the same boot id, which the server has confirmed.
   */
  record Delta(long revision, long baseRevision, @Nullable String digest, SnapshotDelta delta)
      implements BeatContent {
    @Override
    public <T> T fold(
        Function<Unchanged, T> unchanged, Function<Delta, T> delta, Function<Full, T> full) {
      return delta.apply(this);
    }
  }

  /** Everything. */
  record Full(long revision, @Nullable String digest, ClusterSnapshot snapshot)
      implements BeatContent {
    @Override
    public <T> T fold(
        Function<Unchanged, T> unchanged, Function<Delta, T> delta, Function<Full, T> full) {
      return full.apply(this);
    }
  }
}
