package cx.niro.core.protocol;

import cx.niro.core.BootId;
import cx.niro.core.protocol.HeldContent.Applied;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.ContentDigest;
import cx.niro.core.snapshot.Resource;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SnapshotDelta;
import cx.niro.core.testkit.SnapshotChanges;
import cx.niro.core.testkit.Snapshots;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Plays an agent's beats, some of them lost, repeated or late, against a merge function and notes
 * each time that what is held is not what the agent had at that revision.
 */
final class MergeLaws {
  /** What is held, the boot id and a beat's content, to what becomes of it. */
  interface Merge {
    Applied apply(@Nullable HeldContent held, BootId bootId, BeatContent content);
  }

  private static final BootId BOOT = new BootId("boot-1");

  private final Merge merge;
  private final RandomGenerator random;
  private final Snapshots source;
  private final SnapshotChanges changes;
  private final List<ClusterSnapshot> history = new ArrayList<>();
  private final List<BeatContent> sent = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private @Nullable HeldContent held;

  private MergeLaws(Merge merge, long seed) {
    this.merge = merge;
    this.random = new SplittableRandom(seed);
    this.source = Snapshots.seeded(seed);
    this.changes = new SnapshotChanges(source);
  }

  /** Empty when the merge keeps the laws for this seed. */
  static List<String> violations(Merge merge, long seed) {
    MergeLaws laws = new MergeLaws(merge, seed);
    laws.play();
    return laws.violations;
  }

  private void play() {
    history.add(source.cluster(random.nextInt(4), random.nextInt(30)));
    deliver(full());
    for (int beat = 0; beat < 20 && violations.isEmpty(); beat++) {
      history.add(changes.after(latest(), random.nextInt(6)));
      BeatContent content = random.nextInt(10) == 0 ? full() : delta(random.nextBoolean());
      if (random.nextInt(8) == 0) {
        sent.add(content);
      } else {
        deliver(content);
      }
      deliverSomethingOld();
    }
  }

  private ClusterSnapshot latest() {
    return history.get(history.size() - 1);
  }

  private long revision() {
    return history.size();
  }

  private BeatContent full() {
    return new BeatContent.Full(revision(), digest(latest()), latest());
  }

  private BeatContent delta(boolean withDigest) {
    long base = held == null ? 1 : held.revision();
    ClusterSnapshot from = history.get((int) base - 1);
    return new BeatContent.Delta(
        revision(),
        base,
        withDigest ? digest(latest()) : null,
        SnapshotDelta.between(from, latest()));
  }

  private static String digest(ClusterSnapshot snapshot) {
    return ContentDigest.text(ContentDigest.of(snapshot.objects()));
  }

  private void deliver(BeatContent content) {
    sent.add(content);
    Applied applied = merge.apply(held, BOOT, content);
    if (applied.needsResync()) {
      violations.add("asked for a resync without need: " + applied.resync());
      return;
    }
    held = applied.held();
    check(revision(), "after " + content.getClass().getSimpleName());
  }

  /** A proxy or a second connection may bring an earlier beat once more. */
  private void deliverSomethingOld() {
    HeldContent before = held;
    BeatContent old = sent.get(random.nextInt(sent.size()));
    if (before == null || random.nextInt(3) != 0 || old.revision() >= before.revision()) {
      return;
    }
    Applied applied = merge.apply(before, BOOT, old);
    held = applied.held();
    check(before.revision(), "after a late beat of revision " + old.revision());
    if (!applied.needsResync()) {
      violations.add("a late beat of revision " + old.revision() + " was taken");
    }
  }

  private void check(long revision, String when) {
    HeldContent now = held;
    if (now == null || now.revision() != revision) {
      violations.add(when + " the revision is not " + revision);
      return;
    }
    ClusterSnapshot expected = history.get((int) revision - 1);
    if (!asSets(now.snapshot()).equals(asSets(expected))) {
      violations.add(when + " the objects are not those of revision " + revision);
    }
    if (!now.snapshot().info().equals(expected.info())
        || !now.snapshot().sections().equals(expected.sections())) {
      violations.add(when + " the rest is not that of revision " + revision);
    }
    if (now.digest() != ContentDigest.of(expected.objects()) || now.gap() != 0) {
      violations.add(when + " the digest is not that of revision " + revision);
    }
  }

  private static Map<Section, Map<String, Resource>> asSets(ClusterSnapshot snapshot) {
    Map<Section, Map<String, Resource>> sets = new EnumMap<>(Section.class);
    for (Section section : Section.values()) {
      Map<String, Resource> byUid = new HashMap<>();
      snapshot.objects().of(section).forEach(object -> byUid.put(object.meta().uid(), object));
      sets.put(section, byUid);
    }
    return sets;
  }
}
