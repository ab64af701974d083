package cx.niro.app.metrics;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import cx.niro.app.Version;
import cx.niro.server.Metric;
import cx.niro.server.Metric.Kind;
import cx.niro.server.Metric.Sample;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** This build and its Java process, under the names that Prometheus' own clients give them. */
final class ProcessMetrics {
  private static final double NANOS = 1e9;
  private static final double MILLIS = 1e3;

  private ProcessMetrics() {}

  static List<Metric> read() {
    List<Metric> all = new ArrayList<>();
    Sample build = new Sample(Map.of("version", Version.current()), 1);
    all.add(new Metric("niro_build_info", Kind.GAUGE, "What runs here.", List.of(build)));
    process(all);
    memory(all);
    garbage(all);
    all.add(
        Metric.of(
            "jvm_threads_current",
            Kind.GAUGE,
            "Threads.",
            ManagementFactory.getThreadMXBean().getThreadCount()));
    return all;
  }

  private static void process(List<Metric> all) {
    double started = ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS;
    all.add(
        Metric.of(
            "process_start_time_seconds", Kind.GAUGE, "When it began, in Unix time.", started));
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      double seconds = system.getProcessCpuTime() / NANOS;
      all.add(Metric.of("process_cpu_seconds_total", Kind.COUNTER, "Time on a core.", seconds));
    }
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      all.add(
          Metric.of(
              "process_open_fds",
              Kind.GAUGE,
              "Open files and connections.",
              (double) unix.getOpenFileDescriptorCount()));
      all.add(
          Metric.of(
              "process_max_fds",
              Kind.GAUGE,
              "How many there may be.",
              (double) unix.getMaxFileDescriptorCount()));
    }
  }

  private static void memory(List<Metric> all) {
    all.add(memory("jvm_memory_used_bytes", "Memory in use.", MemoryUsage::getUsed));
    all.add(memory("jvm_memory_committed_bytes", "Memory taken.", MemoryUsage::getCommitted));
    all.add(memory("jvm_memory_max_bytes", "The limit, -1 for none.", MemoryUsage::getMax));
  }

  private static Metric memory(String name, String help, ToLongFunction<MemoryUsage> figure) {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    Sample heap =
        new Sample(
            Map.of("area", "heap"), (double) figure.applyAsLong(memory.getHeapMemoryUsage()));
    Sample others =
        new Sample(
            Map.of("area", "nonheap"), (double) figure.applyAsLong(memory.getNonHeapMemoryUsage()));
    return new Metric(name, Kind.GAUGE, help, List.of(heap, others));
  }

  private static void garbage(List<Metric> all) {
    all.add(
        garbage(
            "jvm_gc_collections_total",
            "Garbage collections.",
            collector -> (double) collector.getCollectionCount()));
    all.add(
        garbage(
            "jvm_gc_seconds_total",
            "Time that they took.",
            collector -> collector.getCollectionTime() / MILLIS));
  }

  private static Metric garbage(
      String name, String help, ToDoubleFunction<GarbageCollectorMXBean> figure) {
    List<Sample> samples =
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .map(one -> new Sample(Map.of("gc", one.getName()), figure.applyAsDouble(one)))
            .toList();
    return new Metric(name, Kind.COUNTER, help, samples);
  }
}
