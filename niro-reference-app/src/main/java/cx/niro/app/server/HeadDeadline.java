package cx.niro.app.server;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections whose client takes too long for a handshake or the head of a request. The
 * container's idle timeout begins anew with each byte, so a client that sends one now and then
 * would hold its connection for ever. Bodies have a deadline of their own.
 */
final class HeadDeadline {
  /** For a TLS handshake, the first request, or a head that has begun; and up to two looks more. */
  static final Duration PATIENCE = Duration.ofSeconds(15);

  /** How long a connection of HTTP/2 may be without a request. */
  static final Duration WITHOUT_REQUEST = Duration.ofSeconds(60);

  private static final Duration PERIOD = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(HeadDeadline.class);

  private final Supplier<Collection<EndPoint>> connections;
  private final LongSupplier nanos;

  /** Since when whoever is waited for now is waited for; touched by {@link #look} only. */
  private Map<EndPoint, Sight> sights = new HashMap<>();

  /**
   * A connection that waits for its client.
   *
   * @param requests it had so far, so that two short waits are not taken for one
   */
  private record Sight(Duration patience, long requests, long sinceNanos) {
    boolean isSameWait(Sight other) {
      return patience.equals(other.patience) && requests == other.requests;
    }
  }

  HeadDeadline(Supplier<Collection<EndPoint>> connections, LongSupplier nanos) {
    this.connections = connections;
    this.nanos = nanos;
  }

  /** Looks every few seconds until the scheduler ends. */
  void begin(Scheduler scheduler) {
    scheduler.schedule(
        () -> {
          try {
            look();
          } catch (RuntimeException e) {
            LOG.warn("connections could not be looked at; the next look will do", e);
          }
          begin(scheduler);
        },
        PERIOD.toSeconds(),
        TimeUnit.SECONDS);
  }

  /** Closes those whose time is over; not from two threads at once. */
  void look() {
    long now = nanos.getAsLong();
    Map<EndPoint, Sight> still = new HashMap<>();
    for (EndPoint endPoint : connections.get()) {
      Sight seen = sightOf(endPoint.getConnection(), now);
      if (seen != null) {
        Sight before = sights.get(endPoint);
        Sight sight = before != null && before.isSameWait(seen) ? before : seen;
        if (now - sight.sinceNanos() < sight.patience().toNanos()) {
          still.put(endPoint, sight);
        } else {
          close(endPoint);
        }
      }
    }
    sights = still;
  }

  /** Null when the client is not waited for, or may be idle. */
  private static @Nullable Sight sightOf(@Nullable Connection connection, long now) {
    if (connection instanceof SslConnection tls) {
      return sightOf(tls.getSslEndPoint().getConnection(), now);
    }
    if (connection instanceof HttpConnection http) {
      boolean begun = http.getParser().inHeaderState() && !http.getParser().isStart();
      boolean first = http.getMessagesIn() == 0 && http.getParser().isStart();
      return begun || first ? new Sight(PATIENCE, http.getMessagesIn(), now) : null;
    }
    if (connection instanceof HTTP2Connection http2) {
      boolean free = http2.getSession().getStreams().isEmpty();
      Duration patience = http2.getMessagesIn() == 0 ? PATIENCE : WITHOUT_REQUEST;
      return free ? new Sight(patience, http2.getMessagesIn(), now) : null;
    }
    return new Sight(PATIENCE, 0, now);
  }

  private static void close(EndPoint endPoint) {
    LOG.debug("{} took too long and is closed", endPoint.getRemoteSocketAddress());
    if (endPoint.getConnection() instanceof HTTP2Connection http2 && http2.getMessagesIn() > 0) {
      http2.getSession().close(0, "idle", Callback.NOOP);
    } else {
      endPoint.close();
    }
  }
}
