package cx.niro.server.internal.replica;

import cx.niro.server.internal.replica.Leases.Duty;
import cx.niro.server.spi.LeaseRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a server writes of leases at one moment: renews its own, takes what nobody has or has any
 * more, and clears away what is long over. A pure function.
 *
 * @param gone servers whose rows are of no use any more
 */
record LeasePlan(List<Change> changes, Set<String> gone, Sight sight) {
  /** How long after its end a lease is kept. */
  private static final Duration KEPT = Duration.ofMinutes(1);

  private static final String SERVER = "server/";

  /** To be written: conditional on the row still being {@code seen}. */
  record Change(@Nullable LeaseRow seen, LeaseRow next, @Nullable Duty duty) {}

  /**
   * What other servers say of what they hear.
   *
   * @param upTo whatever the others that live heard until then is stored; not after {@code now}
   * @param listeningSince since when one of those that live has heard agents without a gap
   */
  record Sight(Instant upTo, Instant listeningSince) {}

  /** The row that says that this server lives, as it wants it. */
  static LeaseRow alive(String me, Instant endsAt, Instant listeningSince, Instant flushedUpTo) {
    return new LeaseRow(SERVER + me, me, endsAt, listeningSince, flushedUpTo);
  }

  static LeasePlan of(Collection<LeaseRow> stored, LeaseRow mine, Instant now) {
    Map<String, LeaseRow> byName = new HashMap<>();
    stored.forEach(row -> byName.put(row.name(), row));
    List<Change> changes = new ArrayList<>();
    changes.add(new Change(byName.get(mine.name()), mine, null));
    for (Duty duty : EnumSet.allOf(Duty.class)) {
      LeaseRow seen = byName.get(duty.leaseName());
      if (seen == null || seen.owner().equals(mine.owner()) || !seen.endsAt().isAfter(now)) {
        changes.add(new Change(seen, named(duty, mine), duty));
      }
    }
    Set<String> gone =
        servers(stored)
            .filter(row -> row.endsAt().plus(KEPT).isBefore(now))
            .map(LeaseRow::owner)
            .filter(owner -> !owner.equals(mine.owner()))
            .collect(Collectors.toUnmodifiableSet());
    return new LeasePlan(changes, gone, sight(stored, mine, now));
  }

  private static Sight sight(Collection<LeaseRow> stored, LeaseRow mine, Instant now) {
    Instant upTo = now;
    Instant since = mine.listeningSince();
    for (LeaseRow row : servers(stored).toList()) {
      if (row.endsAt().isAfter(now) && !row.owner().equals(mine.owner())) {
        upTo = row.flushedUpTo().isBefore(upTo) ? row.flushedUpTo() : upTo;
        since = row.listeningSince().isBefore(since) ? row.listeningSince() : since;
      }
    }
    return new Sight(upTo, since);
  }

  private static Stream<LeaseRow> servers(Collection<LeaseRow> stored) {
    return stored.stream().filter(row -> row.name().startsWith(SERVER));
  }

  private static LeaseRow named(Duty duty, LeaseRow mine) {
    return new LeaseRow(
        duty.leaseName(), mine.owner(), mine.endsAt(), mine.listeningSince(), mine.flushedUpTo());
  }
}
