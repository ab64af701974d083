package cx.niro.core.snapshot;

import java.util.List;
import java.util.Map;

/**
 * Everything an agent reported of its cluster at one content revision; usage figures travel and
 * live apart, in {@link Usage}.
 *
 * @param sections a section that is not listed is {@link SectionStatus#OFF}
 */
public record ClusterSnapshot(
    ClusterInfo info, Map<Section, SectionStatus> sections, Inventory objects) {
  public static final ClusterSnapshot EMPTY =
      new ClusterSnapshot(ClusterInfo.EMPTY, Map.of(), Inventory.EMPTY);

  public ClusterSnapshot {
    sections = Copy.map(sections);
  }

  /** A cluster that reports nodes and nothing else: the least that an agent can send. */
  public static ClusterSnapshot ofNodes(Node... nodes) {
    Inventory objects =
        new Inventory(
            List.of(nodes), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
    Map<Section, SectionStatus> complete = Map.of(Section.NODES, SectionStatus.COMPLETE);
    return new ClusterSnapshot(ClusterInfo.EMPTY, complete, objects);
  }

  public SectionStatus section(Section section) {
    return sections.getOrDefault(section, SectionStatus.OFF);
  }
}
