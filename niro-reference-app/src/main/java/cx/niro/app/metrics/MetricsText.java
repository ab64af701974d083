package cx.niro.app.metrics;

import cx.niro.server.Metric;
import java.util.List;
import java.util.Map;

/** Metrics in Prometheus' text format, version 0.0.4. */
final class MetricsText {
  static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final double WHOLE = 1L << 53;

  private MetricsText() {}

  static String of(List<Metric> metrics) {
    StringBuilder text = new StringBuilder();
    metrics.stream()
        .filter(metric -> !metric.samples().isEmpty())
        .forEach(metric -> append(text, metric));
    return text.toString();
  }

  private static void append(StringBuilder text, Metric metric) {
    String name = metric.name();
    String type = metric.kind() == Metric.Kind.COUNTER ? "counter" : "gauge";
    text.append("# HELP ").append(name).append(' ').append(escaped(metric.help())).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    for (Metric.Sample sample : metric.samples()) {
      text.append(name);
      labels(text, sample.labels());
      text.append(' ').append(number(sample.value())).append('\n');
    }
  }

  private static void labels(StringBuilder text, Map<String, String> labels) {
    char before = '{';
    for (Map.Entry<String, String> label : labels.entrySet()) {
      text.append(before).append(label.getKey()).append("=\"");
      text.append(escaped(label.getValue()).replace("\"", "\\\"")).append('"');
      before = ',';
    }
    if (!labels.isEmpty()) {
      text.append('}');
    }
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\n", "\\n");
  }

  private static String number(double value) {
    boolean whole = value == Math.rint(value) && Math.abs(value) < WHOLE;
    return whole ? Long.toString((long) value) : Double.toString(value);
  }
}
