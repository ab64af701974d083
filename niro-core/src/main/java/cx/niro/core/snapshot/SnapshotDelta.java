package cx.niro.core.snapshot;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The difference between two snapshots of one cluster: objects added or changed, whole, and the
 * uids of removed ones.
 *
 * @param info null when it did not change
 * @param sections the new section states, all of them
 * @param removed uids by section
 */
public record SnapshotDelta(
    @Nullable ClusterInfo info,
    Map<Section, SectionStatus> sections,
    Inventory changed,
    Map<Section, List<String>> removed) {

  public SnapshotDelta {
    sections = Copy.map(sections);
    removed = Copy.map(removed);
  }

  /** What turns {@code base} into {@code next}. Linear in the number of objects. */
  public static SnapshotDelta between(ClusterSnapshot base, ClusterSnapshot next) {
    Map<Section, List<String>> removed = new EnumMap<>(Section.class);
    for (Section section : Section.values()) {
      List<String> gone = goneUids(base.objects().of(section), next.objects().of(section));
      if (!gone.isEmpty()) {
        removed.put(section, gone);
      }
    }
    Inventory was = base.objects();
    Inventory is = next.objects();
    Inventory changed =
        new Inventory(
            changedObjects(was.nodes(), is.nodes()),
            changedObjects(was.pods(), is.pods()),
            changedObjects(was.workloads(), is.workloads()),
            changedObjects(was.events(), is.events()),
            changedObjects(was.persistentVolumeClaims(), is.persistentVolumeClaims()),
            changedObjects(was.serviceAccounts(), is.serviceAccounts()),
            changedObjects(was.autoscalers(), is.autoscalers()));
    ClusterInfo info = base.info().equals(next.info()) ? null : next.info();
    return new SnapshotDelta(info, next.sections(), changed, removed);
  }

  /**
   * The snapshot that {@code base} becomes; {@code between(a, b).applyTo(a)} holds the same objects
   * as {@code b}.
   */
  public ClusterSnapshot applyTo(ClusterSnapshot base) {
    Inventory was = base.objects();
    Inventory merged =
        new Inventory(
            merge(Section.NODES, was.nodes(), changed.nodes()),
            merge(Section.PODS, was.pods(), changed.pods()),
            merge(Section.WORKLOADS, was.workloads(), changed.workloads()),
            merge(Section.EVENTS, was.events(), changed.events()),
            merge(
                Section.PERSISTENT_VOLUME_CLAIMS,
                was.persistentVolumeClaims(),
                changed.persistentVolumeClaims()),
            merge(Section.SERVICE_ACCOUNTS, was.serviceAccounts(), changed.serviceAccounts()),
            merge(Section.AUTOSCALERS, was.autoscalers(), changed.autoscalers()));
    return new ClusterSnapshot(info == null ? base.info() : info, sections, merged);
  }

  private <T extends Resource> List<T> merge(Section section, List<T> base, List<T> upserts) {
    Collection<String> gone = removed.getOrDefault(section, List.of());
    if (gone.isEmpty() && upserts.isEmpty()) {
      return base;
    }
    Map<String, T> byUid = new LinkedHashMap<>();
    base.forEach(object -> byUid.put(object.meta().uid(), object));
    gone.forEach(byUid::remove);
    upserts.forEach(object -> byUid.put(object.meta().uid(), object));
    return List.copyOf(byUid.values());
  }

  private static <T extends Resource> List<T> changedObjects(List<T> base, List<T> next) {
    Map<String, T> before = new HashMap<>();
    base.forEach(object -> before.put(object.meta().uid(), object));
    return next.stream()
        .filter(object -> !Objects.equals(object, before.get(object.meta().uid())))
        .toList();
  }

  private static List<String> goneUids(
      List<? extends Resource> base, List<? extends Resource> next) {
    Set<String> alive = new HashSet<>();
    next.forEach(object -> alive.add(object.meta().uid()));
    return base.stream()
        .map(object -> object.meta().uid())
        .filter(uid -> !alive.contains(uid))
        .toList();
  }
}
