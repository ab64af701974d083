package cx.niro.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.app.Json;
import cx.niro.app.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import picocli.CommandLine;

@EnabledOnOs(OS.LINUX)
class BenchCommandTest {
  private static final String SHORT =
      "bench --rounds 1 --seconds 1s --warm-up 0s --clusters 16 --rate 16 --connections 4"
          + " --java-options -Xmx512m -o json --http 2 --rows delta";

  @Test
  void all_beats_are_taken_and_what_they_cost_is_told_beside_the_floors() {
    StringWriter out = new StringWriter();
    CommandLine line = Main.commandLine().setOut(new PrintWriter(out));

    assertThat(line.execute(SHORT.split(" "))).isZero();

    Map<?, ?> report = (Map<?, ?>) Json.parse(out.toString());
    List<?> rows = (List<?>) report.get("rows");
    assertThat(rows).hasSize(3);
    for (Object row : rows) {
      Map<?, ?> told = (Map<?, ?>) row;
      assertThat(told.get("failed")).as("%s", told).isEqualTo(0L);
      assertThat((Long) told.get("done")).as("%s", told).isPositive();
    }
  }
}
