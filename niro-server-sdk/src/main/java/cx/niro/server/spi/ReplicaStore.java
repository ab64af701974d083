package cx.niro.server.spi;

import cx.niro.core.ClusterId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What servers over the same data leave for each other: which clusters one has written about, and
 * who does what time brings about. Asked for only where {@link Stores#isShared} says so.
 */
public interface ReplicaStore {
  /** A server wrote something about these clusters, in this transaction. */
  void touch(Collection<ClusterId> clusters, Instant at, String by);

  /**
   * What servers other than {@code notBy} noted at or after {@code since}, in any order, at most
   * {@code limit}.
   */
  List<Touch> touchedSince(Instant since, String notBy, int limit);

  /** Deletes at most {@code limit} touches from before {@code before} and says how many. */
  int forgetTouchesBefore(Instant before, int limit);

  /** All leases, those that have ended too. */
  List<LeaseRow> leases();

  /**
   * Writes {@code next} over {@code seen}: conditional on owner and end still being as in {@code
   * seen}, or on there being none of this name when {@code seen} is null. The name stays.
   */
  boolean putLease(@Nullable LeaseRow seen, LeaseRow next);

  /** Deletes the leases of this owner. */
  void dropLeases(String owner);

  /**
   * That something was written about a cluster.
   *
   * @param number which no other touch has
   */
  record Touch(ClusterId cluster, long number) {}
}
