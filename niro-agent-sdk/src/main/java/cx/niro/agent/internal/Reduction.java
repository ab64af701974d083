package cx.niro.agent.internal;

import cx.niro.agent.spi.Observation;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.core.snapshot.SectionStatus.State;
import cx.niro.core.snapshot.Usage;
import cx.niro.core.snapshot.WarningEvent;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much is left out of a beat because the whole was too large or could not be read, least
 * important first; what is left out is said.
 */
enum Reduction {
  NONE,
  USAGE,
  EVENTS,
  PODS;

  static final String REASON = "left out: the whole beat was too large or was refused";

  /** One step further, or the same when nothing more can be left out. */
  Reduction more() {
    return switch (this) {
      case NONE -> USAGE;
      case USAGE -> EVENTS;
      case EVENTS, PODS -> PODS;
    };
  }

  Observation apply(Observation whole) {
    if (this == NONE) {
      return whole;
    }
    ClusterSnapshot snapshot = whole.snapshot();
    Inventory all = snapshot.objects();
    List<WarningEvent> events = compareTo(EVENTS) >= 0 ? List.of() : all.events();
    List<Pod> pods = compareTo(PODS) >= 0 ? List.of() : all.pods();
    Map<Section, SectionStatus> sections = new EnumMap<>(Section.class);
    sections.putAll(snapshot.sections());
    mark(sections, Section.METRICS, null, 0);
    mark(sections, Section.EVENTS, all.events().size(), all.events().size() - events.size());
    mark(sections, Section.PODS, all.pods().size(), all.pods().size() - pods.size());
    Inventory rest =
        new Inventory(
            all.nodes(),
            pods,
            all.workloads(),
            events,
            all.persistentVolumeClaims(),
            all.serviceAccounts(),
            all.autoscalers());
    return new Observation(new ClusterSnapshot(snapshot.info(), sections, rest), Usage.EMPTY);
  }

  private static void mark(
      Map<Section, SectionStatus> sections, Section section, @Nullable Integer total, int dropped) {
    boolean off = sections.getOrDefault(section, SectionStatus.OFF).state() == State.OFF;
    if (!off && (total == null || dropped > 0)) {
      sections.put(section, new SectionStatus(State.PARTIAL, total, dropped, REASON));
    }
  }
}
