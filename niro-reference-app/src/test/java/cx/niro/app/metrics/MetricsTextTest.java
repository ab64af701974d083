package cx.niro.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.server.Metric;
import cx.niro.server.Metric.Kind;
import cx.niro.server.Metric.Sample;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MetricsTextTest {
  @Test
  void a_metric_is_its_help_its_type_and_a_line_for_each_sample() {
    Map<String, String> labels = new TreeMap<>(Map.of("a", "1", "b", "say \"no\"\\\n"));
    Metric metric =
        new Metric(
            "niro_x_total",
            Kind.COUNTER,
            "Two\nlines.",
            List.of(new Sample(labels, 3), new Sample(Map.of(), 0.25)));

    assertThat(MetricsText.of(List.of(metric)))
        .isEqualTo(
            """
            # HELP niro_x_total Two\\nlines.
            # TYPE niro_x_total counter
            niro_x_total{a="1",b="say \\"no\\"\\\\\\n"} 3
            niro_x_total 0.25
            """);
  }

  @Test
  void a_metric_that_nobody_counted_yet_is_left_out() {
    assertThat(MetricsText.of(List.of(new Metric("niro_y", Kind.GAUGE, "None.", List.of()))))
        .isEmpty();
  }
}
