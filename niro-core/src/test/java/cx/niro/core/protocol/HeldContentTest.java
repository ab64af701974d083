package cx.niro.core.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.BootId;
import cx.niro.core.protocol.HeldContent.Applied;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.ContentDigest;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.core.snapshot.SnapshotDelta;
import cx.niro.core.testkit.SnapshotChanges;
import cx.niro.core.testkit.Snapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HeldContentTest {
  private static final int SEEDS = 100;
  private static final BootId BOOT = new BootId("boot-1");

  private final NiroCodec codec = NiroCodec.create();

  private static List<String> violations(MergeLaws.Merge merge) {
    List<String> all = new ArrayList<>();
    for (long seed = 0; seed < SEEDS; seed++) {
      long number = seed;
      MergeLaws.violations(merge, seed).forEach(what -> all.add("seed " + number + ": " + what));
    }
    return all;
  }

  @Test
  void what_is_held_is_what_the_agent_had_whatever_is_lost_repeated_or_late() {
    assertThat(violations(HeldContent::apply)).isEmpty();
  }

  @Test
  void the_laws_notice_a_merge_that_forgets_removals() {
    MergeLaws.Merge broken =
        (held, boot, content) ->
            HeldContent.apply(
                held, boot, content instanceof BeatContent.Delta d ? withoutRemovals(d) : content);

    assertThat(violations(broken))
        .filteredOn(what -> what.contains("after Delta the objects are not those of revision"))
        .hasSizeGreaterThan(SEEDS / 2);
  }

  private static BeatContent.Delta withoutRemovals(BeatContent.Delta d) {
    SnapshotDelta delta = d.delta();
    return new BeatContent.Delta(
        d.revision(),
        d.baseRevision(),
        null,
        new SnapshotDelta(delta.info(), delta.sections(), delta.changed(), Map.of()));
  }

  @Test
  void the_laws_notice_a_merge_that_takes_an_older_revision() {
    MergeLaws.Merge broken = HeldContentTest::takingOlderRevisions;

    assertThat(violations(broken)).anyMatch(what -> what.contains("after a late beat of revision"));
  }

  private static Applied takingOlderRevisions(
      @Nullable HeldContent held, BootId boot, BeatContent content) {
    boolean older = held != null && content.revision() < held.revision();
    if (!older) {
      return HeldContent.apply(held, boot, content);
    }
    if (content instanceof BeatContent.Delta delta) {
      HeldContent pretended =
          new HeldContent(boot, delta.baseRevision(), held.snapshot(), held.digest(), 0);
      return HeldContent.apply(
          pretended,
          boot,
          new BeatContent.Delta(delta.revision(), delta.baseRevision(), null, delta.delta()));
    }
    return HeldContent.apply(null, boot, content);
  }

  @Test
  void a_delta_that_lost_a_removal_on_its_way_is_found_by_its_digest() {
    ClusterSnapshot base = Snapshots.seeded(1).cluster(3, 20);
    ClusterSnapshot next =
        new ClusterSnapshot(
            base.info(),
            base.sections(),
            new Inventory(
                base.objects().nodes(),
                base.objects().pods().subList(1, 20),
                base.objects().workloads(),
                List.of(),
                base.objects().persistentVolumeClaims(),
                base.objects().serviceAccounts(),
                base.objects().autoscalers()));
    HeldContent held = full(1, base);
    SnapshotDelta delta = SnapshotDelta.between(base, next);
    BeatContent.Delta whole = new BeatContent.Delta(2, 1, digest(next), delta);
    BeatContent.Delta damaged =
        new BeatContent.Delta(2, 1, digest(next), withoutRemovals(whole).delta());

    assertThat(HeldContent.apply(held, BOOT, whole).needsResync()).isFalse();
    Applied applied = HeldContent.apply(held, BOOT, damaged);
    assertThat(applied.resync()).isEqualTo("the digest differs after the delta to 2");
    assertThat(applied.held()).isSameAs(held);
  }

  @Test
  void deltas_do_not_add_up_to_more_than_a_full_beat_may_hold() {
    ClusterSnapshot most = Snapshots.seeded(1).cluster(1, Limits.SECTION_OBJECTS);
    ClusterSnapshot other = Snapshots.seeded(2).cluster(1, 1);
    SnapshotDelta more =
        new SnapshotDelta(
            null,
            most.sections(),
            SnapshotDelta.between(ClusterSnapshot.EMPTY, other).changed(),
            Map.of());

    Applied applied =
        HeldContent.apply(full(1, most), BOOT, new BeatContent.Delta(2, 1, null, more));

    assertThat(applied.resync()).isEqualTo("a section would have more than 50000 objects");
    assertThat(applied.changed()).isFalse();
  }

  @Test
  void the_digest_after_a_delta_is_the_digest_of_the_whole() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Snapshots source = Snapshots.seeded(seed);
      ClusterSnapshot base = source.cluster(3, (int) seed % 40);
      ClusterSnapshot next = new SnapshotChanges(source).after(base, 10);
      SnapshotDelta delta = SnapshotDelta.between(base, next);
      long before = ContentDigest.of(base.objects());

      assertThat(ContentDigest.after(before, base.objects(), delta))
          .as("seed %s", seed)
          .isEqualTo(ContentDigest.of(next.objects()))
          .isEqualTo(ContentDigest.of(delta.applyTo(base).objects()));
    }
  }

  @Test
  void what_was_encoded_is_decoded_as_it_was() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Snapshots source = Snapshots.seeded(seed);
      ClusterSnapshot base = source.cluster(2, (int) seed % 30);
      ClusterSnapshot next = new SnapshotChanges(source).after(base, 10);
      BeatContent full = new BeatContent.Full(2, digest(next), next);
      BeatContent delta = new BeatContent.Delta(2, 1, null, SnapshotDelta.between(base, next));

      assertThat(codec.decode(BeatContent.class, codec.encode(full))).isEqualTo(full);
      assertThat(codec.decode(BeatContent.class, codec.encode(delta))).isEqualTo(delta);
    }
  }

  @Test
  void nothing_but_a_full_beat_is_taken_when_nothing_is_held_of_that_boot_id() {
    ClusterSnapshot snapshot = Snapshots.seeded(1).cluster(1, 3);
    BeatContent unchanged = new BeatContent.Unchanged(1, null);
    HeldContent held = full(1, snapshot);

    assertThat(HeldContent.apply(null, BOOT, unchanged).resync())
        .isEqualTo("nothing is held of boot id boot-1");
    assertThat(HeldContent.apply(held, new BootId("boot-2"), unchanged).held()).isSameAs(held);
    assertThat(HeldContent.apply(held, BOOT, unchanged)).isEqualTo(new Applied(held, false, null));
    assertThat(HeldContent.apply(held, BOOT, new BeatContent.Unchanged(2, null)).resync())
        .isEqualTo("revision 2 is not held, but 1");
    assertThat(
            HeldContent.apply(held, BOOT, new BeatContent.Unchanged(1, "0000000000000000"))
                .resync())
        .isEqualTo("the digest is not that of revision 1");
  }

  @Test
  void an_object_that_the_decoder_left_out_costs_no_second_full_beat() {
    String beat =
        "{'form':'full','revision':1,'digest':'%s','snapshot':{'sections':{'pods':{'state':'complete'}},"
            + "'objects':{'pods':[{'meta':{'uid':'a','name':'a','hash':'1'}},{'meta':{'uid':'b','hash':'2'}}]}}}";
    ClusterSnapshot all =
        decodeSnapshot(String.format(beat, "0".repeat(16)).replace("'b'", "'b','name':'b'"));
    HeldContent held =
        held(HeldContent.apply(null, BOOT, decode(String.format(beat, digest(all)))));
    assertThat(held.gap()).isNotZero();
    assertThat(held.snapshot().section(Section.PODS).state())
        .isEqualTo(SectionStatus.State.PARTIAL);

    ClusterSnapshot next = new SnapshotChanges(Snapshots.seeded(1)).after(all, 0);
    SnapshotDelta delta =
        new SnapshotDelta(
            next.info(), Map.of(Section.PODS, SectionStatus.COMPLETE), Inventory.EMPTY, Map.of());
    Applied applied =
        HeldContent.apply(held, BOOT, new BeatContent.Delta(2, 1, digest(all), delta));

    assertThat(applied.needsResync()).isFalse();
    assertThat(held(applied).snapshot().section(Section.PODS))
        .as("the pod is still missing, whatever the agent's section says")
        .isEqualTo(held.snapshot().section(Section.PODS));
  }

  @Test
  void a_full_beat_of_the_same_revision_is_taken_and_an_older_one_is_not() {
    ClusterSnapshot snapshot = Snapshots.seeded(1).cluster(1, 3);
    HeldContent held = full(5, snapshot);

    assertThat(HeldContent.apply(held, BOOT, new BeatContent.Full(5, null, snapshot)).changed())
        .isTrue();
    assertThat(HeldContent.apply(held, BOOT, new BeatContent.Full(4, null, snapshot)).resync())
        .isEqualTo("revision 4 is older than 5");
    assertThat(
            HeldContent.apply(held, new BootId("boot-2"), new BeatContent.Full(1, null, snapshot))
                .needsResync())
        .isFalse();
  }

  private BeatContent decode(String json) {
    return codec.decode(BeatContent.class, json.replace('\'', '"').getBytes(UTF_8));
  }

  private ClusterSnapshot decodeSnapshot(String json) {
    return ((BeatContent.Full) decode(json)).snapshot();
  }

  private static String digest(ClusterSnapshot snapshot) {
    return ContentDigest.text(ContentDigest.of(snapshot.objects()));
  }

  private static HeldContent full(long revision, ClusterSnapshot snapshot) {
    return held(
        HeldContent.apply(null, BOOT, new BeatContent.Full(revision, digest(snapshot), snapshot)));
  }

  private static HeldContent held(Applied applied) {
    assertThat(applied.held()).isNotNull();
    return applied.held();
  }
}
