package cx.niro.server.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.server.testkit.Wire.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterSettingsBlackBoxTest extends Scene {
  @Test
  void a_threshold_goes_back_to_the_servers_setting_by_null_and_stays_when_it_is_not_named() {
    Cluster cluster = newCluster("berlin");
    wire.patch(
        cluster.path(""), OWNER, "{\"unknownAfterSeconds\":120,\"offlineAfterSeconds\":600}");

    Answer renamed = wire.patch(cluster.path(""), OWNER, "{\"name\":\"porto\"}");
    assertThat(renamed.json().at("/unknownAfterSeconds").asInt()).isEqualTo(120);

    Answer back = wire.patch(cluster.path(""), OWNER, "{\"unknownAfterSeconds\":null}");
    assertThat(back.json().at("/unknownAfterSeconds").isNull()).isTrue();
    assertThat(back.json().at("/offlineAfterSeconds").asInt()).isEqualTo(600);

    Answer zero = wire.patch(cluster.path(""), OWNER, "{\"offlineAfterSeconds\":0}");
    assertThat(zero.json().at("/offlineAfterSeconds").isNull()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 59, -1, 604_801})
  void a_threshold_below_four_beats_or_over_a_week_is_refused(int seconds) {
    Cluster cluster = newCluster("berlin");

    Answer refused =
        wire.patch(cluster.path(""), OWNER, "{\"unknownAfterSeconds\":" + seconds + "}");

    assertThat(refused.problem()).isEqualTo("422 invalid_field");
    assertThat(refused.text("/detail"))
        .isEqualTo(
            "unknownAfterSeconds must be 60 to 604800, at least 4 beats of 15000 ms, or null for"
                + " the server's setting, but was "
                + seconds);
  }

  @ParameterizedTest
  @CsvSource({
    "zero width space, be\u200Brlin, U+200B",
    "right to left override, \u202Enilreb, U+202E",
    "soft hyphen, ber\u00ADlin, U+00AD",
    "byte order mark, \uFEFFberlin, U+FEFF",
    "tag letter, berlin\uDB40\uDC41, U+E0041",
    "hangul filler, ber\u3164lin, U+3164",
    "variation selector, berlin\uFE0F, U+FE0F",
    "no-break space, ber\u00A0lin, U+00A0",
    "braille blank, ber\u2800lin, U+2800",
    "private use, ber\uE000lin, U+E000",
    "line separator, ber\u2028lin, U+2028"
  })
  void a_name_with_what_nobody_sees_is_refused_by_code_point(
      String what, String name, String codePoint) {
    Answer refused = wire.post("/api/v1/clusters", OWNER, "{\"name\":\"" + name + "\"}");

    assertThat(refused.problem()).as(what).isEqualTo("422 invalid_field");
    assertThat(refused.text("/detail"))
        .isEqualTo("name must have visible characters only, but has " + codePoint);
  }

  @ParameterizedTest
  @ValueSource(strings = {"São Paulo 1", "倉庫-東京", "магазин/7", "متجر", "café"})
  void names_of_all_scripts_are_taken(String name) {
    assertThat(wire.post("/api/v1/clusters", OWNER, "{\"name\":\"" + name + "\"}").status())
        .isEqualTo(201);
  }

  @Test
  void a_parameter_that_a_call_does_not_take_is_named() {
    Answer refused = wire.get("/api/v1/clusters?stauts=healthy", OWNER);

    assertThat(refused.problem()).isEqualTo("400 unknown_parameter");
    assertThat(refused.text("/field")).isEqualTo("stauts");
    assertThat(refused.text("/detail"))
        .isEqualTo("stauts: this call takes cursor, environment, label, limit, q, status");
    assertThat(wire.get("/healthz?probe=1", "").status()).isEqualTo(200);
    assertThat(wire.get("/api/v1/clusters?stauts=healthy", "").status()).isEqualTo(401);
  }
}
