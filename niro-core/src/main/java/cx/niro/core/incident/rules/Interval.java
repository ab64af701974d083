package cx.niro.core.incident.rules;

import java.time.Instant;

/** From the first to the last instant, both included. */
record Interval(Instant first, Instant last) {
  boolean holds(Instant at) {
    return !at.isBefore(first) && !at.isAfter(last);
  }
}
