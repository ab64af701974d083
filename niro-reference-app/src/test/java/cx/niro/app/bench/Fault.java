package cx.niro.app.bench;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** What goes wrong with servers that share a database. One strike ends with everything mended. */
public enum Fault {
  /** Nothing at all, to see what is so without a fault. */
  NONE {
    @Override
    void strike(Replicas replicas, int victim, Duration length) {
      pause(length);
    }
  },
  /** {@code kill -9}, and a new start a little later. */
  KILL {
    @Override
    void strike(Replicas replicas, int victim, Duration length) {
      replicas.server(victim).kill();
      pause(length);
      replicas.server(victim).spawn();
      replicas.awaitAll();
    }
  },
  /** It stands still for longer than its leases, and goes on. */
  STOP {
    @Override
    void strike(Replicas replicas, int victim, Duration length) {
      replicas.server(victim).stop();
      pause(length);
      replicas.server(victim).resume();
      pause(Duration.ofSeconds(5));
      replicas.awaitAll();
    }
  },
  /** Its connections to the database break, and new ones do. */
  CUT {
    @Override
    void strike(Replicas replicas, int victim, Duration length) {
      replicas.wire(victim).cut();
      pause(length);
      mend(replicas, victim);
    }
  },
  /** Nothing gets through between it and the database, and nobody is told. */
  HOLD {
    @Override
    void strike(Replicas replicas, int victim, Duration length) {
      replicas.wire(victim).hold();
      pause(length);
      mend(replicas, victim);
    }
  },
  /** Its clock is an hour ahead, then an hour behind, and so it stays. */
  CLOCK {
    @Override
    void strike(Replicas replicas, int victim, Duration length) {
      for (Duration offset : new Duration[] {Duration.ofHours(1), Duration.ofHours(-1)}) {
        replicas.server(1).terminate();
        replicas.server(1).clockOffset(offset);
        replicas.server(1).spawn();
        replicas.awaitAll();
        pause(length.multipliedBy(3));
      }
    }
  },
  /** One after another is asked to end and started anew. */
  ROLLING {
    @Override
    void strike(Replicas replicas, int victim, Duration length) {
      for (int i = 0; i < Replicas.COUNT; i++) {
        replicas.server(i).terminate();
        replicas.server(i).spawn();
        replicas.awaitAll();
      }
    }
  },
  /** The database crashes and recovers. */
  DATABASE_RESTART {
    @Override
    void strike(Replicas replicas, int victim, Duration length) {
      replicas.postgres().crashAndRestart();
      pause(length);
      replicas.awaitAll();
    }
  },
  /** Each piece that goes to the database or comes from it takes longer. */
  DATABASE_SLOW {
    @Override
    void strike(Replicas replicas, int victim, Duration length) {
      replicas.wires().forEach(wire -> wire.slow(Duration.ofMillis(40)));
      pause(length);
      replicas.wires().forEach(Wire::mend);
      pause(Duration.ofSeconds(5));
    }
  };

  /**
   * @param victim the server that suffers, where it is one
   * @param length how long it suffers, where that can be chosen
   */
  abstract void strike(Replicas replicas, int victim, Duration length);

  private static void mend(Replicas replicas, int victim) {
    replicas.wire(victim).mend();
    pause(Duration.ofSeconds(5));
    replicas.awaitAll();
  }

  private static void pause(Duration time) {
    LockSupport.parkNanos(time.toNanos());
  }
}
