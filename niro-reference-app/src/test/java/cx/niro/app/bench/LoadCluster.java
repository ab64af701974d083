package cx.niro.app.bench;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** One simulated cluster and what its agent knows; on the thread of its {@link LoadFleet}. */
final class LoadCluster {
  /** How many of a hundred beats carry a change, and everything. */
  record Mix(int delta, int full) {}

  final String key;
  final int number;
  private final LoadBodies bodies;
  private final String bootId;
  long dueNanos;

  /** What the server asked for. */
  long notBeforeNanos = Long.MIN_VALUE;

  boolean beating;
  boolean polling;
  LoadConnection connection;
  String form = "full";
  private long sequence;
  private long revision;
  private int step;
  private boolean known;
  private long serverTime;

  LoadCluster(String key, LoadBodies bodies, int number) {
    this.number = number;
    this.key = key;
    this.bodies = bodies;
    this.bootId = "load-boot-" + number + "-" + System.nanoTime();
  }

  /** The next beat; what it says counts as known until {@link #forget}. */
  LoadBodies.Body beat(Mix mix, SplittableRandom random, long now, long uptimeMillis) {
    sequence++;
    String head = head(now, uptimeMillis);
    int drawn = random.nextInt(100);
    if (!known || drawn < mix.full) {
      form = "full";
      known = true;
      step = 0;
      return bodies.full(head, ++revision);
    }
    if (drawn < mix.full + mix.delta) {
      form = "delta";
      LoadBodies.Body body = bodies.delta(head, ++revision, step);
      step = (step + 1) % bodies.steps();
      return body;
    }
    form = "unchanged";
    return bodies.unchanged(head, revision, step);
  }

  private String head(long now, long uptimeMillis) {
    return "{\"bootId\":\""
        + bootId
        + "\",\"sequence\":"
        + sequence
        + ",\"timing\":{\"sentAt\":"
        + now
        + ",\"uptimeMillis\":"
        + uptimeMillis
        + ",\"intervalMillis\":15000,\"lastServerTime\":"
        + serverTime
        + ",\"lastRoundTripMillis\":3},\"content\":";
  }

  byte[] poll(int waitSeconds) {
    return ("{\"bootId\":\"%s\",\"waitSeconds\":%d,\"slots\":4,\"holding\":[]}"
            .formatted(bootId, waitSeconds))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** The server has taken the beat; true when it asks for everything. */
  boolean taken(String answer) {
    serverTime = number(answer, "\"serverTime\":", serverTime);
    boolean resync =
        answer.contains("\"resync\":true")
            || number(answer, "\"confirmedRevision\":", -1) != revision;
    known &= !resync;
    return resync;
  }

  /** Nobody knows whether the last beat was taken. */
  void forget() {
    known = false;
  }

  static long number(String text, String name, long otherwise) {
    int at = text.indexOf(name);
    if (at < 0) {
      return otherwise;
    }
    int from = at + name.length();
    int to = from;
    while (to < text.length() && Character.isDigit(text.charAt(to))) {
      to++;
    }
    return Long.parseLong(text.substring(from, to));
  }
}
