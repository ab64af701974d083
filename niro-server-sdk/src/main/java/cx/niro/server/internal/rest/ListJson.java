package cx.niro.server.internal.rest;

import cx.niro.core.snapshot.SectionStatus;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A page of anything. */
public record ListJson(List<Object> items, @Nullable String nextCursor) {

  /** A page of what an agent reported, and how far it can be relied on. */
  public record OfSection(List<Object> items, @Nullable String nextCursor, Section section) {
    public static OfSection of(ListJson page, SectionStatus status) {
      return new OfSection(page.items(), page.nextCursor(), Section.of(status));
    }
  }

  /** How complete a section is. */
  public record Section(
      String state, @Nullable Integer total, int dropped, @Nullable String reason) {
    static Section of(SectionStatus status) {
      return new Section(
          status.state().name().toLowerCase(Locale.ROOT),
          status.total(),
          status.dropped(),
          status.reason());
    }
  }
}
