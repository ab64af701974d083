package cx.niro.app.bench;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What came of {@link Rollouts}.
 *
 * @param statuses how often each status of the cluster was seen
 * @param ends commands by their end
 * @param unfinished commands without one
 * @param late results that differed from the end
 * @param incidents types of all incidents there were
 */
public record RolloutReport(
    List<Duration> rollouts,
    int agents,
    List<String> updates,
    Map<String, Integer> statuses,
    Map<String, Integer> ends,
    List<String> unfinished,
    List<String> late,
    List<String> refused,
    int again,
    Duration longest,
    Collection<String> incidents) {

  public void print() {
    List<Duration> sorted = rollouts.stream().sorted().toList();
    System.out.printf(
        "%d rollouts by %d agents: %d / %d / %d ms (least, median, most)%n",
        sorted.size(),
        agents,
        sorted.get(0).toMillis(),
        sorted.get(sorted.size() / 2).toMillis(),
        sorted.get(sorted.size() - 1).toMillis());
    System.out.printf("updates %s%nstatuses %s%ncommands %s%n", updates, statuses, ends);
    System.out.printf("unfinished %s%nlate %s%nrefused %s%n", unfinished, late, refused);
    System.out.printf("offered again %d, longest %d ms%n", again, longest.toMillis());
    System.out.println("incidents " + incidents);
  }
}
