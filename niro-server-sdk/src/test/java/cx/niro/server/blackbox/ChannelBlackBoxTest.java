package cx.niro.server.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.server.testkit.Wire.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelBlackBoxTest extends Scene {
  private static final String ALL = "/api/v1/channels";
  private static final String SLACK =
      """
      {"name":"ops","kind":"slack","settings":{"url":"https://hooks.slack.com/services/T0/B0/XXXSECRET"},
       "minimumSeverity":"medium","selector":{"environments":["production"],"labels":{"site":"b1"},
       "types":["node_not_ready"]}}
      """;

  @Test
  void a_channel_is_shown_without_what_was_given_to_it() {
    Answer made = wire.post(ALL, OWNER, SLACK);
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    assertThat(made.text("/target")).isEqualTo("hooks.slack.com");
    assertThat(made.text("/settings/0")).isEqualTo("url");
    assertThat(made.text("/selector/labels/site")).isEqualTo("b1");
    String one = made.header("location");
    for (String path : new String[] {one, ALL}) {
      assertThat(wire.get(path, OWNER).body()).contains("ops").doesNotContain("SECRET");
    }
    Answer patched = wire.patch(one, OWNER, "{\"enabled\":false,\"minimumSeverity\":\"high\"}");
    assertThat(patched.body()).doesNotContain("SECRET");
    assertThat(patched.text("/target")).isEqualTo("hooks.slack.com");
    assertThat(patched.text("/enabled")).isEqualTo("false");
  }

  @Test
  void only_who_administers_makes_changes_tries_and_deletes() {
    String one = wire.post(ALL, OWNER, SLACK).header("location");
    assertThat(wire.get(one, Booted.VIEWER).status()).isEqualTo(200);
    assertThat(wire.get(one + "/deliveries", Booted.VIEWER).status()).isEqualTo(200);
    assertThat(wire.post(ALL, Booted.VIEWER, SLACK).problem()).isEqualTo("403 forbidden");
    assertThat(wire.patch(one, Booted.VIEWER, "{}").problem()).isEqualTo("403 forbidden");
    assertThat(wire.post(one + "/test", Booted.VIEWER, "").problem()).isEqualTo("403 forbidden");
    assertThat(wire.delete(one, Booted.VIEWER).problem()).isEqualTo("403 forbidden");
    assertThat(wire.get(one, Booted.STRANGER).problem()).isEqualTo("404 not_found");
    assertThat(wire.delete(one, Booted.STRANGER).problem()).isEqualTo("404 not_found");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"kind\":\"slack\",\"settings\":{}}|name",
        "{\"name\":\"x\",\"kind\":\"fax\",\"settings\":{}}|kind",
        "{\"name\":\"x\",\"kind\":\"slack\",\"settings\":{}}|settings.url is required",
        "{\"name\":\"x\",\"kind\":\"slack\",\"settings\":{\"url\":\"http://a.example\"}}|https",
        "{\"name\":\"x\",\"kind\":\"slack\",\"settings\":{\"url\":\"https://10.0.0.1/\"}}|not public",
        "{\"name\":\"x\",\"kind\":\"slack\",\"settings\":{\"url\":\"https:///hook\"}}|settings.url must be an https",
        "{\"name\":\"x\",\"kind\":\"slack\",\"settings\":{\"url\":\"https://127.1/\"}}|settings.url must not name",
        "{\"name\":\"x\",\"kind\":\"slack\",\"settings\":{\"url\":\"https://localhost/\"}}|settings.url must not name",
        "{\"name\":\"x\",\"kind\":\"webhook\",\"settings\":{\"url\":\"https://a.example\",\"secret\":\"x\"}}|whsec_",
        "{\"name\":\"x\",\"kind\":\"pager\",\"settings\":{\"a\":\"b\\nc\"}}|control characters",
        "{\"name\":\"x\",\"kind\":\"pager\",\"settings\":{},\"minimumSeverity\":\"info\"}|minimumSeverity",
        "{\"name\":\"x\",\"kind\":\"pager\",\"settings\":{},\"selector\":{\"environments\":[\"prod\"]}}|environments",
        "{\"name\":\"x\",\"kind\":\"pager\",\"settings\":{},\"selector\":{\"clusters\":[\"a b\"]}}|clusters",
      })
  void what_is_wrong_is_named(String body, String named) {
    Answer refused = wire.post(ALL, OWNER, body);
    assertThat(refused.problem()).isEqualTo("422 invalid_field");
    assertThat(refused.body()).contains(named);
  }

  @Test
  void a_test_tells_what_came_of_it() {
    String pager = "{\"name\":\"p\",\"kind\":\"pager\",\"settings\":{}}";
    String one = wire.post(ALL, OWNER, pager).header("location");
    Answer tested = wire.post(one + "/test", OWNER, "");
    assertThat(tested.text("/sent")).isEqualTo("false");
    assertThat(tested.text("/why")).isEqualTo("nobody is there");
  }
}
