package cx.niro.server.http;

import cx.niro.core.ErrorCode;
import cx.niro.core.RetryLaterException;
import cx.niro.core.protocol.Limits;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All bodies on their way in: the memory that they may take together and the time that each has,
 * counted in ticks of a second.
 *
 * <p>Each caller has a share ({@link BodyShares}). Those that nobody knows yet have a small budget
 * of their own, so that they cannot take the room for the bodies of agents.
 */
final class Intakes {
  private static final int SHARE_OF_UNKNOWN = 8;

  private final long patience;
  private final DecodingBudget known;
  private final BodyShares shares;
  private final DecodingBudget unknown;
  private final AtomicLong ticks = new AtomicLong();
  private final ConcurrentHashMap<Intake, Long> dueTicks = new ConcurrentHashMap<>();

  Intakes(long decodingBytes, Duration deadline) {
    // One caller gets two thirds at most, and the largest beat has to fit in there.
    long largest = Limits.HEARTBEAT_BYTES + 2L * ReceivedBody.LARGEST_CHUNK;
    long bytes = Math.max(decodingBytes / 2, largest * 3 / 2);
    this.known = new DecodingBudget(bytes);
    this.shares = new BodyShares(known);
    this.unknown = new DecodingBudget(bytes / SHARE_OF_UNKNOWN);
    this.patience = Math.max(1, deadline.toSeconds());
  }

  /**
   * Opens one; {@code then} is called once, from any thread, with what became of the body.
   *
   * @param caller null while nobody knows him
   */
  Intake open(Intake.Expected expected, @Nullable String caller, Consumer<InputStream> then) {
    BodyShares.Share share = caller == null ? null : shares.begin(caller);
    Intake.Expected taken = caller != null && share == null ? tooMany(expected) : expected;
    Intake intake =
        new Intake(
            taken,
            share == null ? unknown : share,
            (over, body) -> {
              dueTicks.remove(over);
              if (share != null) {
                share.end();
              }
              then.accept(body);
            });
    dueTicks.put(intake, ticks.get() + patience);
    return intake;
  }

  private static Intake.Expected tooMany(Intake.Expected expected) {
    return new Intake.Expected(
        expected.maxBytes(),
        new RetryLaterException(
            ErrorCode.TOO_MANY_REQUESTS,
            "as many request bodies of this caller are on their way as may: "
                + BodyShares.MOST_OF_ONE));
  }

  /** A second has passed. Those that are a second over their time are ended here. */
  void tick() {
    long now = ticks.incrementAndGet();
    dueTicks.forEach(
        (intake, due) -> {
          if (due < now) {
            intake.expire(patience);
          }
        });
  }

  /** How many bodies are on their way. */
  int open() {
    return dueTicks.size();
  }

  /** How many bytes they, and those that are being decoded, take. */
  long bytes() {
    return known.taken() + unknown.taken();
  }
}
