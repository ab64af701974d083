package cx.niro.app.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * One thread of clients: keeps a few clusters and does something to one of them at a steady pace.
 */
final class Worker implements Runnable {
  private static final int KEPT = 6;
  private static final Duration BEAT_EVERY = Duration.ofSeconds(8);

  /** What it is told: its dice, its pace, and when to end. */
  record Course(RandomGenerator random, Duration pace, BooleanSupplier stopped) {}

  private final ClusterSteps steps;
  private final Course course;
  private final AtomicInteger names;
  private final List<BenchCluster> mine = new ArrayList<>();
  private final Queue<BenchCluster> everybodys;
  private long beatAt = System.nanoTime();

  Worker(ClusterSteps steps, Course course, AtomicInteger names, Queue<BenchCluster> everybodys) {
    this.steps = steps;
    this.course = course;
    this.names = names;
    this.everybodys = everybodys;
  }

  @Override
  public void run() {
    long due = System.nanoTime();
    while (!course.stopped().getAsBoolean()) {
      step();
      due = Math.max(due + course.pace().toNanos(), System.nanoTime() - course.pace().toNanos());
      LockSupport.parkNanos(due - System.nanoTime());
    }
  }

  private void step() {
    mine.removeIf(cluster -> cluster.deleting || cluster.broken);
    if (mine.size() < KEPT) {
      adopt();
      return;
    }
    BenchCluster cluster = mine.get(course.random().nextInt(mine.size()));
    if (!cluster.isUsable()) {
      continueEnrolling(cluster);
    } else if (System.nanoTime() - beatAt > BEAT_EVERY.toNanos() / KEPT) {
      beatAt = System.nanoTime();
      steps.beat(cluster);
    } else {
      act(cluster);
    }
  }

  private void adopt() {
    BenchCluster cluster = new BenchCluster("kill-" + names.incrementAndGet());
    everybodys.add(cluster);
    mine.add(cluster);
    steps.create(cluster);
  }

  private void continueEnrolling(BenchCluster cluster) {
    if (cluster.key.isEmpty()) {
      steps.enroll(cluster);
    } else {
      steps.beat(cluster);
    }
  }

  private void act(BenchCluster cluster) {
    int dice = course.random().nextInt(100);
    if (!cluster.offers.isEmpty() && dice < 45) {
      steps.result(cluster);
    } else if (dice < 70) {
      steps.command(cluster);
    } else if (dice < 78 && cluster.offers.isEmpty()) {
      steps.poll(cluster);
    } else if (dice < 88) {
      steps.change(cluster);
    } else if (dice < 96) {
      steps.look(cluster);
    } else if (dice < 99) {
      steps.contest(cluster);
    } else {
      steps.delete(cluster);
    }
  }
}
