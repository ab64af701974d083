package cx.niro.server.http;

import cx.niro.core.protocol.Limits;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * All bodies on their way in: the memory that they may take together and the time that each has,
 * counted in ticks of a second.
 *
 * <p>Callers that nobody knows yet have a small budget of their own, so that they cannot take the
 * room for the bodies of agents.
 */
final class Intakes {
  private static final int SHARE_OF_UNKNOWN = 8;

  private final long patience;
  private final DecodingBudget known;
  private final DecodingBudget unknown;
  private final AtomicLong ticks = new AtomicLong();
  private final ConcurrentHashMap<Intake, Long> dueTicks = new ConcurrentHashMap<>();

  Intakes(long decodingBytes, Duration deadline) {
    long bytes =
        Math.max(decodingBytes / 2, Limits.HEARTBEAT_BYTES + 2L * ReceivedBody.LARGEST_CHUNK);
    this.known = new DecodingBudget(bytes);
    this.unknown = new DecodingBudget(bytes / SHARE_OF_UNKNOWN);
    this.patience = Math.max(1, deadline.toSeconds());
  }

  /** Opens one; {@code then} is called once, from any thread, with what became of the body. */
  Intake open(Intake.Expected expected, boolean callerKnown, Consumer<InputStream> then) {
    Intake intake =
        new Intake(
            expected,
            callerKnown ? known : unknown,
            (over, body) -> {
              dueTicks.remove(over);
              then.accept(body);
            });
    dueTicks.put(intake, ticks.get() + patience);
    return intake;
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
