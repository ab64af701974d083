package cx.niro.core.internal;

import com.squareup.moshi.JsonWriter;
import cx.niro.core.protocol.BeatContent;
import cx.niro.core.protocol.Range;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.SnapshotDelta;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A beat's content: the members of all three forms side by side, told apart by {@code form}. */
final class Contents implements Form<BeatContent> {
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{16}");

  /** What is on the wire. */
  record Members(
      Kind form,
      @Range long revision,
      @Nullable @Range Long baseRevision,
      @Nullable String digest,
      @Nullable SnapshotDelta delta,
      @Nullable ClusterSnapshot snapshot) {

    static Members of(BeatContent content) {
      return content.fold(
          it -> new Members(Kind.UNCHANGED, it.revision(), null, it.digest(), null, null),
          it ->
              new Members(
                  Kind.DELTA, it.revision(), it.baseRevision(), it.digest(), it.delta(), null),
          it -> new Members(Kind.FULL, it.revision(), null, it.digest(), null, it.snapshot()));
    }

    /** Checked by {@link #check} before. */
    BeatContent content() {
      if (form == Kind.DELTA && baseRevision != null && delta != null) {
        return new BeatContent.Delta(revision, baseRevision, digest, delta);
      }
      if (form == Kind.FULL && snapshot != null) {
        return new BeatContent.Full(revision, digest, snapshot);
      }
      return new BeatContent.Unchanged(revision, digest);
    }
  }

  enum Kind {
    UNCHANGED,
    DELTA,
    FULL
  }

  private final Form<Members> members;

  Contents(Form<Members> members) {
    this.members = members;
  }

  static Members check(JsonInput in, Members value) {
    if (value.digest != null && !DIGEST.matcher(value.digest).matches()) {
      throw in.badMember("digest", "must have 16 lower-case hexadecimal digits");
    }
    switch (value.form) {
      case UNCHANGED -> {}
      case DELTA -> checkDelta(in, value);
      case FULL -> need(in, "snapshot", value.snapshot);
    }
    return value;
  }

  private static void checkDelta(JsonInput in, Members value) {
    need(in, "delta", value.delta);
    need(in, "baseRevision", value.baseRevision);
    if (value.baseRevision != null && value.baseRevision >= value.revision) {
      throw in.badMember(
          "baseRevision",
          "must be lower than the revision " + value.revision + " but was " + value.baseRevision);
    }
  }

  private static void need(JsonInput in, String name, @Nullable Object value) {
    if (value == null) {
      throw in.badMember(name, "is missing");
    }
  }

  @Override
  public BeatContent read(JsonInput in) throws IOException {
    return members.read(in).content();
  }

  @Override
  public void write(JsonWriter out, BeatContent value) throws IOException {
    members.write(out, Members.of(value));
  }
}
