package cx.niro.server.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.server.testkit.Wire;
import cx.niro.server.testkit.Wire.Answer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EnrollmentBlackBoxTest extends Scene {
  private static final String MINE = "request-0000000000000001";
  private static final String ANOTHER = "request-0000000000000002";

  @Test
  void a_token_is_exchanged_for_a_key_and_the_first_beat_makes_the_cluster_healthy() {
    Cluster cluster = newCluster("berlin");
    assertThat(status(cluster.id())).isEqualTo("pending");

    Answer enrolled = enroll(cluster.token(), MINE, "uid-1");

    assertThat(enrolled.status()).isEqualTo(200);
    assertThat(enrolled.text("/clusterId")).isEqualTo(cluster.id());
    assertThat(enrolled.text("/agentKey")).startsWith("niro_ak_");
    Enrolled agent = new Enrolled(cluster.id(), enrolled.text("/agentKey"));
    assertThat(beat(agent, "boot-1", 1).text("/confirmedRevision")).isEqualTo("1");
    assertThat(status(cluster.id())).isEqualTo("healthy");
  }

  @Test
  void a_truncated_token_is_told_apart_from_an_unknown_one() {
    String token = newCluster("berlin").token();

    Answer truncated = enroll(token.substring(0, token.length() - 3), MINE, "uid-1");

    assertThat(truncated.problem()).isEqualTo("400 token_malformed");
    assertThat(truncated.text("/detail")).contains("copied whole");
  }

  @Test
  void a_token_of_another_server_is_unknown_here() throws Exception {
    try (Booted other = Booted.inJetty()) {
      Answer foreign =
          new Wire(other.uri()).post("/api/v1/clusters", OWNER, "{\"name\":\"elsewhere\"}");

      assertThat(enroll(foreign.text("/enrollment/token"), MINE, "uid-1").problem())
          .isEqualTo("401 token_unknown");
    }
  }

  @Test
  void an_expired_token_is_gone_and_the_cluster_stays_pending() {
    Cluster cluster = newCluster("berlin");

    server.advance(Duration.ofMinutes(61));

    assertThat(enroll(cluster.token(), MINE, "uid-1").problem()).isEqualTo("410 token_expired");
    assertThat(status(cluster.id())).isEqualTo("pending");
  }

  @Test
  void a_used_token_is_refused_to_whoever_comes_second() {
    Cluster cluster = newCluster("berlin");
    enroll(cluster.token(), MINE, "uid-1");

    assertThat(enroll(cluster.token(), ANOTHER, "uid-1").problem()).isEqualTo("409 token_used");
  }

  @Test
  void an_answer_that_was_lost_is_asked_for_again_at_most_five_times() {
    Cluster cluster = newCluster("berlin");

    for (int i = 0; i < 5; i++) {
      assertThat(enroll(cluster.token(), MINE, "uid-1").status()).isEqualTo(200);
    }

    assertThat(enroll(cluster.token(), MINE, "uid-1").problem()).isEqualTo("429 too_many_requests");
  }

  @Test
  void of_several_candidate_keys_the_first_that_is_used_works_on_alone() {
    Cluster cluster = newCluster("berlin");
    String first = enroll(cluster.token(), MINE, "uid-1").text("/agentKey");
    String second = enroll(cluster.token(), MINE, "uid-1").text("/agentKey");

    assertThat(beat(new Enrolled(cluster.id(), second), "boot-1", 1).status()).isEqualTo(200);

    assertThat(beat(new Enrolled(cluster.id(), first), "boot-1", 2).problem())
        .isEqualTo("401 key_revoked");
    assertThat(enroll(cluster.token(), MINE, "uid-1").problem()).isEqualTo("409 token_used");
  }

  @Test
  void a_new_token_kills_the_old_one() {
    Cluster cluster = newCluster("berlin");
    Answer renewed = wire.post(cluster.path("/enrollment"), OWNER, "{}");

    assertThat(renewed.status()).isEqualTo(201);
    assertThat(enroll(cluster.token(), MINE, "uid-1").problem()).isEqualTo("401 token_unknown");
    assertThat(enroll(renewed.text("/token"), MINE, "uid-1").status()).isEqualTo(200);
  }

  @Test
  void only_a_token_made_for_it_takes_over_a_cluster_whose_agent_lives() {
    Enrolled agent = enrolledCluster("berlin");
    String plain = wire.post(agent.path("/enrollment"), OWNER, "{}").text("/token");

    assertThat(enroll(plain, ANOTHER, "uid-of-berlin").problem())
        .isEqualTo("409 cluster_already_enrolled");
    assertThat(beat(agent, "boot-1", 2).status()).isEqualTo(200);

    String taking =
        wire.post(agent.path("/enrollment"), OWNER, "{\"takeOver\":true}").text("/token");
    Answer taken = enroll(taking, ANOTHER, "uid-of-berlin");
    assertThat(taken.status()).as(taken.body()).isEqualTo(200);
    assertThat(beat(new Enrolled(agent.id(), taken.text("/agentKey")), "boot-2", 1).status())
        .isEqualTo(200);
    assertThat(beat(agent, "boot-1", 3).problem()).isEqualTo("401 key_revoked");
  }

  @Test
  void the_same_kubernetes_cluster_cannot_be_added_twice_in_one_organization() {
    enrolledCluster("berlin");
    Cluster twin = newCluster("berlin-again");

    assertThat(enroll(twin.token(), MINE, "uid-of-berlin").problem())
        .isEqualTo("409 cluster_already_enrolled");
    assertThat(enroll(twin.token(), MINE, "uid-of-another").status()).isEqualTo(200);
  }

  @Test
  void an_agent_of_a_later_protocol_is_told_that_there_is_no_version_in_common() {
    Cluster cluster = newCluster("berlin");

    Answer refused =
        wire.post(
            "/agent/v1/enroll",
            "",
            """
            {"token":"%s","requestId":"%s","protocolVersions":[7],"features":[]}"""
                .formatted(cluster.token(), MINE));

    assertThat(refused.problem()).isEqualTo("426 protocol_unsupported");
    assertThat(enroll(cluster.token(), MINE, "uid-1").status()).isEqualTo(200);
  }

  @Test
  void the_install_command_comes_from_the_configured_url_and_never_from_a_host_header() {
    Answer made = wire.post("/api/v1/clusters", OWNER, "{\"name\":\"berlin\"}");

    assertThat(made.text("/enrollment/installCommand"))
        .isEqualTo(
            "curl -fsSL 'https://fleet.example.com/install.sh' | sudo env"
                + " NIRO_SERVER='https://fleet.example.com' NIRO_TOKEN="
                + made.text("/enrollment/token")
                + " sh");
  }
}
