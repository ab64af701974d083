package cx.niro.core.snapshot;

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

  public SectionStatus section(Section section) {
    return sections.getOrDefault(section, SectionStatus.OFF);
  }
}
