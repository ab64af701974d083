package cx.niro.server.spi;

import cx.niro.core.OrganizationId;
import cx.niro.core.SilenceId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Silences and maintenance windows. */
public interface SilenceStore {
  void insert(SilenceRow silence);

  Optional<SilenceRow> find(SilenceId id);

  /** Moves the start and the end of the row with this id. */
  void update(SilenceRow silence);

  /** Those of an organization that end after {@code now}, in any order. */
  List<SilenceRow> notEnded(OrganizationId organization, Instant now);

  /** Newest first; {@code state} is that of {@code now}, null for every one. */
  Page<SilenceRow> list(
      Set<OrganizationId> organizations,
      SilenceRow.@Nullable State state,
      Instant now,
      Page.Request page);
}
