package cx.niro.server.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.server.testkit.Wire;
import cx.niro.server.testkit.Wire.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BadInputBlackBoxTest extends Scene {
  private static final String HEARTBEAT = "/agent/v1/heartbeat";

  private Answer beatBytes(Enrolled agent, String encoding, byte[] body) {
    return wire.send(
        wire.request(HEARTBEAT, agent.key())
            .header("content-type", "application/json")
            .header("content-encoding", encoding)
            .POST(BodyPublishers.ofByteArray(body)));
  }

  private static byte[] spaces(int count) {
    return " ".repeat(count).getBytes(StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        HEARTBEAT,
        "/agent/v1/poll",
        "/agent/v1/commands/some/result",
        "/agent/v1/keys",
        "/agent/v1/goodbye"
      })
  void every_agent_route_asks_for_a_key_before_it_reads_the_body(String route) {
    assertThat(wire.post(route, "", "{no json").problem()).isEqualTo("401 key_missing");
    assertThat(wire.post(route, "niro_ak_cut", "{no json").problem())
        .isEqualTo("401 key_malformed");
  }

  @Test
  void a_well_formed_key_of_another_server_is_unknown() throws Exception {
    Enrolled agent = enrolledCluster("berlin");
    try (Booted other = Booted.inJetty()) {
      Wire elsewhere = new Wire(other.uri());

      Answer refused = elsewhere.post(HEARTBEAT, agent.key(), fullBeat("boot-1", 2, "{}"));

      assertThat(refused.problem()).isEqualTo("401 key_unknown");
      assertThat(refused.header("www-authenticate")).isEqualTo("Bearer");
    }
  }

  @Test
  void an_enrollment_token_is_no_key() {
    Cluster cluster = newCluster("berlin");

    assertThat(wire.post(HEARTBEAT, cluster.token(), "{}").problem())
        .isEqualTo("401 key_malformed");
  }

  @Test
  void a_beat_over_its_limit_is_refused_and_the_agent_counts_as_alive() {
    Enrolled agent = enrolledCluster("berlin");
    server.advance(Duration.ofSeconds(60));

    Answer refused = beatBytes(agent, "identity", spaces(16 * 1024 * 1024 + 1));

    assertThat(refused.problem()).isEqualTo("413 body_too_large");
    server.advance(Duration.ofSeconds(20));
    Answer shown = wire.get(agent.path(""), OWNER);
    assertThat(shown.text("/status")).as(shown.body()).isEqualTo("healthy");
  }

  @Test
  void an_enrollment_over_its_limit_is_refused_and_the_token_still_works() {
    Cluster cluster = newCluster("berlin");

    assertThat(enroll(cluster.token(), "r".repeat(20_000), "uid-1").problem())
        .isEqualTo("413 body_too_large");
    assertThat(enroll(cluster.token(), "request-0000000000000001", "uid-1").status())
        .isEqualTo(200);
  }

  @Test
  void a_gzip_bomb_is_a_body_that_is_too_large() {
    Enrolled agent = enrolledCluster("berlin");
    byte[] bomb = Wire.gzip("{\"x\":[" + "0,".repeat(20 * 1024 * 1024));
    assertThat(bomb.length).isLessThan(1_000_000);

    assertThat(beatBytes(agent, "gzip", bomb).problem()).isEqualTo("413 body_too_large");
    assertThat(beat(agent, "boot-1", 2).status()).isEqualTo(200);
  }

  @Test
  void a_gzip_stream_of_empty_members_without_end_is_cut() {
    Enrolled agent = enrolledCluster("berlin");
    byte[] empty = Wire.gzip("");
    byte[] many = new byte[empty.length * 1_000_000];
    for (int i = 0; i < many.length; i += empty.length) {
      System.arraycopy(empty, 0, many, i, empty.length);
    }

    assertThat(beatBytes(agent, "gzip", many).status()).isBetween(400, 413);
  }

  @Test
  void a_gzipped_beat_is_read_like_a_plain_one() {
    Enrolled agent = enrolledCluster("berlin");

    assertThat(beatBytes(agent, "gzip", Wire.gzip(fullBeat("boot-1", 2, "{}"))).status())
        .isEqualTo(200);
  }

  @Test
  void encodings_and_types_that_are_not_spoken_are_415() {
    Enrolled agent = enrolledCluster("berlin");
    byte[] beat = fullBeat("boot-1", 2, "{}").getBytes(StandardCharsets.UTF_8);

    assertThat(beatBytes(agent, "br", beat).problem()).isEqualTo("415 unsupported_media_type");
    Answer form =
        wire.send(
            wire.request(HEARTBEAT, agent.key())
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofByteArray(beat)));
    assertThat(form.problem()).isEqualTo("415 unsupported_media_type");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "garbage",
        "{\"bootId\":7}",
        "{\"bootId\":\"b\",\"sequence\":\"x\"}",
        "{\"bootId\":\"../..\",\"sequence\":2,\"timing\":{\"sentAt\":1},\"content\":{\"form\":\"unchanged\",\"revision\":1}}"
      })
  void garbage_is_a_malformed_body_and_stores_nothing(String garbage) {
    Enrolled agent = enrolledCluster("berlin");
    String before = wire.get(agent.path("/timeline"), OWNER).body();

    assertThat(wire.post(HEARTBEAT, agent.key(), garbage).problem())
        .isEqualTo("400 malformed_body");

    assertThat(wire.get(agent.path("/timeline"), OWNER).body()).isEqualTo(before);
    assertThat(beat(agent, "boot-1", 2).status()).isEqualTo(200);
  }

  @Test
  void a_broken_gzip_stream_is_a_malformed_body() {
    Enrolled agent = enrolledCluster("berlin");
    byte[] whole = Wire.gzip(fullBeat("boot-1", 2, "{}"));
    byte[] cut = java.util.Arrays.copyOf(whole, whole.length / 2);

    assertThat(beatBytes(agent, "gzip", cut).problem()).isEqualTo("400 malformed_body");
    assertThat(beatBytes(agent, "gzip", spaces(10)).problem()).isEqualTo("400 malformed_body");
  }

  @Test
  void a_document_nested_without_end_is_a_malformed_body() {
    Enrolled agent = enrolledCluster("berlin");

    assertThat(wire.post(HEARTBEAT, agent.key(), "{\"a\":" + "[".repeat(100_000)).problem())
        .isEqualTo("400 malformed_body");
  }

  @Test
  void html_in_a_name_comes_back_as_it_was_given_and_as_json() {
    String name = "<script>alert('1')</script><b>";
    Cluster cluster = newCluster(name);

    Answer shown = wire.get(cluster.path(""), OWNER);

    assertThat(shown.text("/name")).isEqualTo(name);
    assertThat(shown.header("content-type")).isEqualTo("application/json");
    assertThat(shown.header("x-content-type-options")).isEqualTo("nosniff");
    assertThat(shown.header("cache-control")).isEqualTo("no-store");
    Answer listed = wire.get("/api/v1/clusters?q=%3Cscript", OWNER);
    assertThat(listed.text("/items/0/name")).isEqualTo(name);
  }

  @Test
  void html_in_what_an_agent_reports_comes_back_as_it_was_given() {
    Enrolled agent = enrolledCluster("berlin");
    String pod =
        """
        {"pods":[{"meta":{"uid":"p1","namespace":"shop","name":"cart-1","hash":"h1"},
          "status":{"phase":"<img src=x>","containers":[{"name":"app","restartCount":3,
            "waiting":{"reason":"<b>Bad</b>","message":"<script>x</script>"}}]}}]}""";
    assertThat(wire.post(HEARTBEAT, agent.key(), fullBeat("boot-2", 1, pod)).status())
        .isEqualTo(200);

    Answer pods = wire.get(agent.path("/pods"), OWNER);

    assertThat(pods.header("content-type")).isEqualTo("application/json");
    assertThat(pods.text("/items/0/status")).isEqualTo("<b>Bad</b>");
    assertThat(pods.text("/items/0/message")).isEqualTo("<script>x</script>");
    assertThat(pods.text("/items/0/phase")).isEqualTo("Unknown");
    assertThat(pods.text("/items/0/ready")).isEqualTo("0/1");
    assertThat(pods.text("/items/0/restarts")).isEqualTo("3");
  }

  @Test
  void a_body_that_is_not_utf_8_is_refused_with_the_place() {
    byte[] latin = "{\"name\":\"z\u00fcrich\"}".getBytes(StandardCharsets.ISO_8859_1);
    Answer refused =
        wire.send(
            wire.request("/api/v1/clusters", OWNER)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofByteArray(latin)));
    assertThat(refused.problem()).isEqualTo("400 malformed_body");
    assertThat(refused.text("/detail")).contains("not UTF-8: see the byte at offset 10");
  }

  @Test
  void two_names_that_look_alike_are_one() {
    newCluster("z\u00fcrich");
    Answer second = wire.post("/api/v1/clusters", OWNER, "{\"name\":\"zu\u0308rich\"}");
    assertThat(second.problem()).isEqualTo("409 name_taken");
    assertThat(wire.get("/api/v1/clusters?q=u%CC%88r", OWNER).json().at("/items")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"types\":[\"node_not_redy\"]}|types: there are no incidents of type 'node_not_redy'",
        "{\"clusters\":[\"c-nowhere\"]}|there is no cluster c-nowhere",
      })
  void silences_and_channels_for_what_is_not_there_are_refused(String line) {
    String[] parts = line.split("\\|");
    Answer silence =
        wire.post(
            "/api/v1/silences",
            OWNER,
            "{\"matchers\":" + parts[0] + ",\"durationSeconds\":60,\"reason\":\"x\"}");
    String settings = "{\"url\":\"https://hooks.slack.com/services/T0/B0/X\"}";
    String channel = "{\"name\":\"ops\",\"kind\":\"slack\",\"settings\":" + settings;
    Answer made = wire.post("/api/v1/channels", OWNER, channel + ",\"selector\":" + parts[0] + "}");
    assertThat(silence.text("/detail")).as(silence.body()).contains(parts[1]);
    assertThat(made.problem()).isEqualTo("422 invalid_field");
    assertThat(made.text("/detail")).contains(parts[1]);
    String one = wire.post("/api/v1/channels", OWNER, channel + "}").header("location");
    assertThat(wire.patch(one, OWNER, "{\"selector\":" + parts[0] + "}").problem())
        .isEqualTo("422 invalid_field");
  }

  @Test
  void numbers_below_zero_are_not_shown() {
    Enrolled agent = enrolledCluster("berlin");
    String beat =
        fullBeat("boot-2", 1, "{}")
            .replace(
                "\"nodes\":{\"state\":\"complete\"}",
                "\"nodes\":{\"state\":\"partial\",\"total\":-5}");
    assertThat(wire.post(HEARTBEAT, agent.key(), beat).status()).isEqualTo(200);
    Answer listed = wire.get(agent.path("/nodes"), OWNER);
    assertThat(listed.json().at("/section/total").isNull()).as(listed.body()).isTrue();
  }

  @Test
  void a_bad_object_is_left_out_and_its_section_says_so() {
    Enrolled agent = enrolledCluster("berlin");
    String nodes =
        """
        {"nodes":[{"meta":{"uid":"n1","name":"pi-1"}},{"meta":{"uid":"%s","name":"pi-2"}}]}"""
            .formatted("u".repeat(1000));

    assertThat(wire.post(HEARTBEAT, agent.key(), fullBeat("boot-2", 1, nodes)).status())
        .isEqualTo(200);

    Answer listed = wire.get(agent.path("/nodes"), OWNER);
    assertThat(listed.json().at("/items")).hasSize(1);
    assertThat(listed.text("/section/state")).isEqualTo("partial");
    assertThat(listed.text("/section/dropped")).isEqualTo("1");
    assertThat(listed.text("/section/reason")).contains("nodes[1]");
  }
}
