package cx.niro.server.internal.outbox;

import cx.niro.core.ClusterId;
import cx.niro.core.OrganizationId;
import java.util.Optional;

/** The organizations of clusters, which never change, without asking a store. */
@FunctionalInterface
public interface Homes {
  /** Empty when it is not known here. */
  Optional<OrganizationId> of(ClusterId cluster);
}
