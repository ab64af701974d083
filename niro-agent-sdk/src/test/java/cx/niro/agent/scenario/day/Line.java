package cx.niro.agent.scenario.day;

import java.time.Instant;
import java.util.Random;

/**
 * The way of the beats of one cluster. A third of what goes wrong is lost, a third arrives after
 * the next beat, which a server refuses as stale, and a third arrives twice, which a server answers
 * with the same reply: to detection the first two are beats that did not come.
 */
final class Line {
  /** As many lost beats in a row make the status unknown. */
  private static final int UNKNOWN_AFTER = 4;

  private final Random random;
  private final double trouble;
  private int missed;
  private int flips;

  Line(Random random, double trouble, Town town) {
    this.random = random;
    this.trouble = trouble;
    town.run.arrives(this::arrives);
  }

  private boolean arrives(Instant at) {
    boolean lost = trouble > 0 && random.nextDouble() < trouble * 2 / 3;
    if (lost) {
      missed++;
      return false;
    }
    flips += missed >= UNKNOWN_AFTER ? 1 : 0;
    missed = 0;
    return true;
  }

  /** How often the cluster's status was unknown because beats were lost. */
  int flips() {
    return flips;
  }
}
