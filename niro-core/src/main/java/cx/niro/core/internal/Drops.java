package cx.niro.core.internal;

import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The objects of a document that could not be taken, by section. */
final class Drops {
  private static final int REASON_CHARS = 256;

  private final Map<Section, Drop> bySection = new EnumMap<>(Section.class);

  boolean isEmpty() {
    return bySection.isEmpty();
  }

  boolean has(Section section) {
    return bySection.containsKey(section);
  }

  /** Only the first value of a section is looked at, the others are counted. */
  void add(Section section, BadValue value) {
    if (!another(section)) {
      bySection.put(section, new Drop(value));
    }
  }

  /** Counts one more in a section that has a first, else returns false. */
  boolean another(Section section) {
    Drop drop = bySection.get(section);
    if (drop != null) {
      drop.count++;
    }
    return drop != null;
  }

  /** The states that the sender gave, corrected by what was dropped here. */
  Map<Section, SectionStatus> correct(Map<Section, SectionStatus> given) {
    Map<Section, SectionStatus> corrected = new LinkedHashMap<>(given);
    bySection.forEach((section, drop) -> corrected.merge(section, drop.status(), Drops::corrected));
    return corrected;
  }

  private static SectionStatus corrected(SectionStatus given, SectionStatus drop) {
    boolean failed = given.state() == SectionStatus.State.ERROR;
    return new SectionStatus(
        failed ? given.state() : SectionStatus.State.PARTIAL,
        given.total(),
        (int) Math.min(Integer.MAX_VALUE, (long) given.dropped() + drop.dropped()),
        drop.reason());
  }

  private static final class Drop {
    private final String reason;
    private int count = 1;

    private Drop(BadValue first) {
      this.reason = Texts.clip(first.path() + ": " + first.getMessage(), REASON_CHARS);
    }

    private SectionStatus status() {
      return new SectionStatus(SectionStatus.State.PARTIAL, null, count, reason);
    }
  }
}
