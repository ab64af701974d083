package cx.niro.app.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What {@link ReplicaFaults} found. */
public final class ReplicaReport {
  private static final int EXAMPLES = 12;
  private static final double LATEST_SECONDS = 15;

  /** Messages wait for others of the same group. */
  private static final Duration GROUPING = Duration.ofSeconds(30);

  private static final Duration UNTOLD_AFTER = Duration.ofSeconds(60);

  private final List<String> wrong = new ArrayList<>();
  private final List<String> late = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private KillReport facts;

  void facts(KillReport found) {
    facts = found;
    text.insert(0, found);
  }

  void differences(int replica, List<String> found) {
    note("replica " + replica + ": objects that differ from what clusters hold", found);
  }

  void unfinished(int replica, List<String> found) {
    note("replica " + replica + ": accepted pings that did not succeed", found);
  }

  void status(StatusWatch watch) {
    text.append("%d looks at all statuses%n".formatted(watch.looks.sum()));
    note("shown as silent although heard", watch.wrong());
  }

  void takeover(TakeoverProbe probe) {
    spread("commands ended after their deadline", probe.late(), LATEST_SECONDS);
    note(
        "commands that never ended",
        probe.unended() == 0 ? List.of() : List.of("" + probe.unended()));
  }

  void notices(NoticeWatch watch, PlainClient server) {
    double latest = GROUPING.toSeconds() + LATEST_SECONDS;
    spread("incidents told after their opening", watch.late(server), latest);
    note("incidents told twice", watch.doubled());
    note("incidents not told", watch.untold(server, UNTOLD_AFTER));
  }

  private void spread(String what, List<Double> seconds, double limit) {
    List<Double> sorted = seconds.stream().sorted().toList();
    if (sorted.isEmpty()) {
      text.append(what).append(": none\n");
      return;
    }
    double last = sorted.get(sorted.size() - 1);
    text.append(
        "%s: %d, median %.1f s, latest %.1f s%n"
            .formatted(what, sorted.size(), sorted.get(sorted.size() / 2), last));
    note(
        late,
        "%s by more than %.0f s".formatted(what, limit),
        sorted.stream().filter(one -> one > limit).map(one -> "%.1f s".formatted(one)).toList());
  }

  private void note(String what, List<String> found) {
    note(wrong, what, found);
  }

  private void note(List<String> kind, String what, List<String> found) {
    text.append("%s: %d%n".formatted(what, found.size()));
    found.stream().limit(EXAMPLES).forEach(one -> text.append("  ").append(one).append('\n'));
    if (!found.isEmpty()) {
      kind.add(what);
    }
  }

  /** How much was acknowledged. */
  public int acknowledged() {
    return facts.acknowledged();
  }

  /** Whether nothing was lost, doubled or shown wrongly, however late it was. */
  public boolean isWhole() {
    return facts.isClean() && wrong.isEmpty();
  }

  /** Whether nothing was lost, doubled, late or shown wrongly. */
  public boolean isClean() {
    return isWhole() && late.isEmpty();
  }

  @Override
  public String toString() {
    return text + (isClean() ? "clean\n" : "NOT CLEAN: " + wrong + " " + late + "\n");
  }
}
