package cx.niro.app.bench;

import cx.niro.app.bench.Bystanders.Kind;
import cx.niro.app.bench.Bystanders.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What others were answered before a storm and beside it. */
record StormRun(Map<Kind, Sample> before, Map<Kind, Sample> beside, Storm storm) {

  /** Runs the storm beside clients of these clusters. */
  static StormRun of(StormSite site, List<BenchCluster> others, Storm storm, Duration before)
      throws Exception {
    storm.prepare();
    try (Bystanders bystanders = new Bystanders(site, others)) {
      TimeUnit.MILLISECONDS.sleep(before.toMillis());
      bystanders.taken();
      TimeUnit.MILLISECONDS.sleep(before.toMillis());
      Map<Kind, Sample> calm = bystanders.taken();
      storm.run();
      return new StormRun(calm, bystanders.taken(), storm);
    }
  }

  /** Everything that should not have been; empty when others felt nothing but time. */
  List<String> faults() {
    List<String> all = new ArrayList<>(storm.faults());
    storm.outcomes().wrong().forEach(what -> all.add("the storm was answered " + what));
    beside.forEach((kind, sample) -> sample.failures().forEach(one -> all.add(kind + ": " + one)));
    return all;
  }

  void print() {
    System.out.println("the storm was answered " + storm.outcomes());
    beside.forEach(
        (kind, sample) -> {
          Sample calm = before.get(kind);
          System.out.printf(
              Locale.ROOT,
              "%-7s before n %5d p50 %7.1f p99 %7.1f ms | beside n %5d p50 %7.1f p99 %7.1f ms |"
                  + " p99 %.2f times, %d failed%n",
              kind,
              calm.count(),
              calm.millis(0.5),
              calm.millis(0.99),
              sample.count(),
              sample.millis(0.5),
              sample.millis(0.99),
              sample.millis(0.99) / Math.max(0.001, calm.millis(0.99)),
              sample.failures().size());
        });
    System.out.println("faults: " + faults().stream().distinct().limit(20).toList());
  }
}
