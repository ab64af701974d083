package cx.niro.server.spi;

import cx.niro.core.BootId;
import cx.niro.core.ClusterId;
import java.util.Optional;
import java.util.OptionalLong;

/** Agent sessions and detection state, the fence against doing one beat's work twice. */
public interface SessionStore {
  Optional<SessionRow> find(ClusterId cluster);

  /**
   * Writes the row: conditional on the stored version being {@code next.version() - 1} (none stored
   * counts as 0) and on the stored (bootGeneration, sequence) not being newer; false, and nothing
   * written, otherwise. The boot id is remembered with its generation.
   */
  boolean save(SessionRow next);

  /**
   * The generation under which this boot id was first seen; empty for one never seen. The newest
   * 100 of a cluster are kept.
   */
  OptionalLong generation(ClusterId cluster, BootId bootId);
}
