package cx.niro.agent.scenario.day;

import com.google.gson.JsonObject;
import java.time.Instant;

/** One container as its kubelet reports it, with the kubelet's back-off. */
final class MiniContainer {
  private static final double LONGEST_BACK_OFF = 300;
  private static final double FORGOTTEN_AFTER = 600;

  private final String name;
  private final String image;
  private int restarts;
  private boolean ready;
  private boolean pulled;
  private String waitingFor = "ContainerCreating";
  private String message;
  private Instant runningSince;
  private JsonObject ended;
  private JsonObject last;
  private double backOff = -1;

  MiniContainer(String name, String image) {
    this.name = name;
    this.image = image;
  }

  String name() {
    return name;
  }

  boolean isReady() {
    return ready;
  }

  boolean isRunning() {
    return runningSince != null;
  }

  Instant runningSince() {
    return runningSince;
  }

  void ready(boolean now) {
    ready = now;
  }

  void waits(String reason, String why) {
    waitingFor = reason;
    message = why;
    runningSince = null;
    ended = null;
    ready = false;
  }

  void runs(Instant now) {
    runningSince = now;
    waitingFor = null;
    message = null;
    ended = null;
    pulled = true;
  }

  void restarts(Instant now) {
    restarts++;
    last = ended == null ? last : ended;
    runs(now);
  }

  /** As before a day in which this is of no interest. */
  void restartedLongAgo(int times, Instant at) {
    restarts = times;
    last = end(1, "Error", at.minusSeconds(100), at);
  }

  /** Ends; returns after how many seconds the kubelet starts it again. */
  double ends(int exit, String reason, Instant now) {
    double ran = now.getEpochSecond() - runningSince.getEpochSecond();
    ended = end(exit, reason, runningSince, now);
    runningSince = null;
    ready = false;
    backOff =
        backOff < 0 || ran >= FORGOTTEN_AFTER
            ? 0
            : backOff == 0 ? 10 : Math.min(LONGEST_BACK_OFF, backOff * 2);
    return backOff;
  }

  void backsOff(String pod) {
    last = ended;
    waits(
        "CrashLoopBackOff",
        "back-off " + (int) backOff + "s restarting failed container=" + name + " pod=" + pod);
  }

  private JsonObject end(int exit, String reason, Instant from, Instant to) {
    return Tree.of(
        "exitCode",
        exit,
        "reason",
        reason,
        "startedAt",
        Tree.time(from),
        "finishedAt",
        Tree.time(to),
        "containerID",
        "containerd://" + name + restarts);
  }

  JsonObject spec() {
    return Tree.of("name", name, "image", image, "resources", Tree.of());
  }

  JsonObject json() {
    JsonObject state =
        ended != null
            ? Tree.of("terminated", ended)
            : runningSince != null
                ? Tree.of("running", Tree.of("startedAt", Tree.time(runningSince)))
                : Tree.of("waiting", Tree.of("reason", waitingFor, "message", message));
    return Tree.of(
        "name",
        name,
        "image",
        image,
        "imageID",
        pulled ? "docker.io/" + image + "@sha256:0" : "",
        "restartCount",
        restarts,
        "ready",
        ready,
        "started",
        runningSince != null,
        "state",
        state,
        "lastState",
        last == null ? Tree.of() : Tree.of("terminated", last));
  }
}
