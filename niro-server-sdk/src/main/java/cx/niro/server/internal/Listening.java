package cx.niro.server.internal;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Since when this server listens without a gap. A pause of the whole process, and a wall clock that
 * was set, are gaps: in both nobody can say how long a cluster was silent.
 */
final class Listening {
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final Platform platform;
  private volatile Instant since;
  private volatile @Nullable Instant agreed;
  private long lastNanos;
  private Instant lastWall;

  Listening(Platform platform) {
    this.platform = platform;
    this.since = platform.now();
    this.lastWall = since;
    this.lastNanos = platform.nanos().getAsLong();
  }

  Instant since() {
    return since;
  }

  /** Begins anew: at the start of the server. */
  void begin() {
    since = platform.now();
    remember();
  }

  /** Until when silence counts: all that was heard until then, wherever, is known here. */
  Instant upTo() {
    Instant now = platform.now();
    Instant known = agreed;
    return known == null || known.isAfter(now) ? now : known;
  }

  /** How far {@link #upTo} lies back. */
  Duration lag(Instant now) {
    Instant known = agreed;
    return known == null || known.isAfter(now) ? Duration.ZERO : Duration.between(known, now);
  }

  /**
   * What servers over the same stores have in common.
   *
   * @param upTo whatever they heard until then is known here
   * @param allSince since when one of them listens without a gap
   * @param anew whether this one was away
   */
  void agree(Instant upTo, Instant allSince, boolean anew) {
    Instant known = agreed;
    agreed = known == null || upTo.isAfter(known) ? upTo : known;
    since = anew || allSince.isBefore(since) ? allSince : since;
  }

  /** Called about once a second, by one thread at a time; true when there was a gap. */
  boolean tick() {
    Duration elapsed = Duration.ofNanos(platform.nanos().getAsLong() - lastNanos);
    Duration shift = Duration.between(lastWall, platform.now()).minus(elapsed).abs();
    boolean gap = elapsed.compareTo(LONGEST_PAUSE) > 0 || shift.compareTo(LONGEST_PAUSE) > 0;
    if (gap) {
      since = platform.now();
    }
    remember();
    return gap;
  }

  private void remember() {
    lastWall = platform.now();
    lastNanos = platform.nanos().getAsLong();
  }
}
