package cx.niro.server;

import cx.niro.core.ClusterId;
import cx.niro.core.IncidentId;
import cx.niro.server.spi.IncidentFilter;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.SilenceRow;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads incidents, notes who takes care of them, and deletes resolved ones. All calls block and are
 * safe from any thread; {@code actor} is the name of whoever asked, for the timeline.
 */
public interface Incidents {
  /** The longest note of who takes care of an incident. */
  int NOTE_CHARS = 1000;

  /** Open ones first, the worst of them at the top, then by since, the newest first. */
  Page<IncidentRow> list(Set<ClusterId> clusters, IncidentFilter filter, Page.Request page);

  Optional<IncidentRow> find(IncidentId id);

  /** These with what else is to be said of them now, in the same order. */
  List<View> views(Collection<IncidentRow> incidents);

  /**
   * Notes that {@code actor} takes care of it, instead of whoever did before; one that is resolved
   * is {@code incident_resolved}.
   *
   * @param note in his words, at most {@link #NOTE_CHARS} characters; null for none
   */
  IncidentRow acknowledge(IncidentId id, @Nullable String note, String actor);

  /** Takes an acknowledgement back; nothing happens when there is none. */
  IncidentRow withdraw(IncidentId id, String actor);

  /** Deletes a resolved incident; an open one is {@code incident_firing}. */
  void delete(IncidentId id, String actor);

  /**
   * An incident as a screen shows it.
   *
   * @param suppressedBy the open incident that explains it; null for none
   * @param silencedBy the active silence that covers it and lasts longest; null for none, and for
   *     one that is resolved
   */
  record View(
      IncidentRow incident, @Nullable IncidentId suppressedBy, @Nullable SilenceRow silencedBy) {}
}
