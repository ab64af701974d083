package cx.niro.core.internal;

import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The objects of a document that could not be taken, by section. */
final class Drops {
  private static final int REASON_CHARS = 256;

  private final Map<Section, SectionStatus> bySection = new EnumMap<>(Section.class);

  void add(Section section, String path, String message) {
    SectionStatus known = bySection.get(section);
    String reason =
        known == null ? Texts.clip(path + ": " + message, REASON_CHARS) : known.reason();
    int dropped = known == null ? 1 : known.dropped() + 1;
    bySection.put(section, new SectionStatus(SectionStatus.State.PARTIAL, null, dropped, reason));
  }

  boolean isEmpty() {
    return bySection.isEmpty();
  }

  /** The states that the sender gave, corrected by what was dropped here. */
  Map<Section, SectionStatus> correct(Map<Section, SectionStatus> given) {
    Map<Section, SectionStatus> corrected = new LinkedHashMap<>(given);
    bySection.forEach((section, drop) -> corrected.merge(section, drop, Drops::corrected));
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
}
