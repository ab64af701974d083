package cx.niro.server.internal;

import cx.niro.server.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts by the values of labels, which whoever counts keeps few. Safe from any thread. */
public final class Tally {
  private final String name;
  private final String help;
  private final List<String> labels;
  private final Map<List<String>, LongAdder> counts = new ConcurrentHashMap<>();

  public Tally(String name, String help, String... labels) {
    this.name = name;
    this.help = help;
    this.labels = List.of(labels);
  }

  /** One more with these values, in the order of the labels. */
  public void count(String... values) {
    counts.computeIfAbsent(List.of(values), fresh -> new LongAdder()).increment();
  }

  /** Forgets what was counted with this value of the first label. */
  public void forget(String first) {
    counts.keySet().removeIf(values -> values.get(0).equals(first));
  }

  public Metric metric() {
    List<Metric.Sample> samples = new ArrayList<>();
    counts.forEach(
        (values, count) -> samples.add(new Metric.Sample(named(values), (double) count.sum())));
    samples.sort((a, b) -> a.labels().toString().compareTo(b.labels().toString()));
    return new Metric(name, Metric.Kind.COUNTER, help, samples);
  }

  private Map<String, String> named(List<String> values) {
    Map<String, String> named = new TreeMap<>();
    for (int i = 0; i < labels.size(); i++) {
      named.put(labels.get(i), values.get(i));
    }
    return named;
  }
}
