package cx.niro.app.dashboard;

import cx.niro.app.Json;
import cx.niro.app.Printed;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;

/** Answers of the REST API as they were at {@link StubApi#NOON}. */
final class Fixtures {
  private Fixtures() {}

  static String text(String name) {
    return new String(
        Asset.read("cx/niro/app/dashboard/" + name).orElseThrow(), StandardCharsets.UTF_8);
  }

  /** One cluster of the list. */
  static String cluster(String id) {
    Matcher one =
        Pattern.compile(
                "\\{\\s*\"id\": \"" + id + "\".*?\"offlineAfterSeconds\": \\w+\\s*}",
                Pattern.DOTALL)
            .matcher(text("clusters.json"));
    Assertions.assertThat(one.find()).as("cluster %s", id).isTrue();
    return one.group();
  }

  /** One incident of the fleet's. */
  static String incident(String id) {
    Matcher one =
        Pattern.compile("  \\{\\s*\"id\": \"" + id + "\".*?\\n  }", Pattern.DOTALL)
            .matcher(text("fleet-incidents.json"));
    Assertions.assertThat(one.find()).as("incident %s", id).isTrue();
    return one.group();
  }

  /** The findings in this state. */
  static String findings(String state) {
    Map<?, ?> all = (Map<?, ?>) Json.parse(text("findings.json"));
    String[] items =
        ((List<?>) all.get("items"))
            .stream()
                .filter(item -> ((Map<?, ?>) item).get("state").equals(state))
                .map(Printed::compact)
                .toArray(String[]::new);
    return list(items);
  }

  /** A list with these items. */
  static String list(String... items) {
    return "{\"items\": [" + String.join(",", items) + "], \"nextCursor\": null}";
  }
}
