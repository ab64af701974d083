package cx.niro.agent.testkit;

import cx.niro.agent.spi.LogOutput;
import cx.niro.agent.spi.LogSource;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.protocol.LogRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * What the containers of a virtual cluster write: requests as a web shop serves them, and now and
 * then something that is not well. The same pod writes the same lines at the same moment.
 */
final class VirtualLogs implements LogSource {
  private static final int WHOLE = 400;
  private static final long SPAN_MILLIS = 700;
  private static final List<String> PATHS =
      List.of("/", "/cart", "/cart/items", "/checkout", "/api/stock/4711", "/healthz", "/login");
  private static final List<String> WORK =
      List.of(
          "reconciled 14 objects in %d ms",
          "lease renewed, next in %d ms",
          "flushed %d records to storage",
          "cache holds %d entries",
          "heartbeat sent, %d ms round trip");
  private static final List<String> TROUBLE =
      List.of(
          "upstream stock-db:5432 answered after %d ms, retrying",
          "connection pool at %d of 20, requests wait",
          "slow query: SELECT … FROM orders took %d ms");

  private final InstantSource instants;
  private final Predicate<LogRequest> exists;
  private final Predicate<LogRequest> isCrashing;

  VirtualLogs(
      InstantSource instants, Predicate<LogRequest> exists, Predicate<LogRequest> isCrashing) {
    this.instants = instants;
    this.exists = exists;
    this.isCrashing = isCrashing;
  }

  @Override
  public void read(LogRequest request, LogOutput out) {
    if (!exists.test(request)) {
      throw new InvalidRequestException(
          ErrorCode.NOT_FOUND, "pods \"" + request.pod() + "\" not found");
    }
    long last = instants.millis() / SPAN_MILLIS;
    Integer tail = request.tailLines();
    Long since = request.sinceSeconds();
    long first = last - Math.min(tail == null ? WHOLE : tail, WHOLE) + 1;
    if (since != null) {
      first = Math.max(first, last - since * 1000 / SPAN_MILLIS);
    }
    boolean crashing = request.previous() || isCrashing.test(request);
    for (long number = first; number <= last; number++) {
      out.line(line(request, number, crashing));
    }
    if (crashing) {
      out.line(stamp(last) + " FATAL cannot reach stock-db:5432: connection refused; exiting");
    } else if (request.follow()) {
      follow(request, out, last + 1);
    }
  }

  private void follow(LogRequest request, LogOutput out, long from) {
    long next = from;
    while (!out.isStopped()) {
      long wait = next * SPAN_MILLIS - instants.millis();
      if (wait <= 0) {
        out.line(line(request, next++, false));
      } else if (out.awaitStop(Duration.ofMillis(wait))) {
        return;
      }
    }
  }

  private static String stamp(long number) {
    return Instant.ofEpochMilli(number * SPAN_MILLIS).toString();
  }

  private static String line(LogRequest request, long number, boolean crashing) {
    SplittableRandom chance = new SplittableRandom(number * 31 + request.pod().hashCode());
    int kind = chance.nextInt(100);
    if (kind < (crashing ? 30 : 4)) {
      return stamp(number) + " WARN  " + some(TROUBLE, chance).formatted(chance.nextInt(9, 3000));
    }
    if (kind < 25) {
      return stamp(number) + " INFO  " + some(WORK, chance).formatted(chance.nextInt(2, 900));
    }
    return "%s INFO  10.42.%d.%d \"GET %s\" %d %dms"
        .formatted(
            stamp(number),
            chance.nextInt(4),
            chance.nextInt(2, 250),
            some(PATHS, chance),
            kind < 28 ? 502 : kind < 33 ? 404 : 200,
            chance.nextInt(1, 120));
  }

  private static String some(List<String> list, SplittableRandom chance) {
    return list.get(chance.nextInt(list.size()));
  }
}
