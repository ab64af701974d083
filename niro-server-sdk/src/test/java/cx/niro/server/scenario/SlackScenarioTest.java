package cx.niro.server.scenario;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import cx.niro.core.Severity;
import cx.niro.server.Channels.ChannelSpec;
import cx.niro.server.scenario.FleetFixture.Member;
import cx.niro.server.spi.ChannelSelector;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From a silent cluster to a request that a target on loopback gets. */
class SlackScenarioTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private final WireMockServer target =
      new WireMockServer(WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort());
  private final FleetFixture fleet = new FleetFixture();
  private final Member edge = fleet.member("edge");

  @BeforeEach
  void start() {
    target.start();
  }

  @AfterEach
  void stop() {
    fleet.server.close();
    target.stop();
  }

  private void channel(String kind, Map<String, String> more) {
    Map<String, String> settings = new java.util.HashMap<>(more);
    settings.put("url", "http://127.0.0.1:" + target.port() + "/hook");
    ChannelSpec spec = new ChannelSpec("ops", kind, settings, Severity.LOW, ChannelSelector.ALL);
    fleet.server.channels().create(FleetFixture.ACME, spec, "ada");
  }

  private void answers(int status) {
    target.stubFor(post(anyUrl()).willReturn(aResponse().withStatus(status)));
  }

  @Test
  void an_incident_arrives_at_slack_once() {
    answers(200);
    channel("slack", Map.of());
    fleet.pass(Duration.ofMinutes(4));
    List<ServeEvent> got = target.getAllServeEvents();
    assertThat(got).hasSize(1);
    assertThat(got.get(0).getRequest().getBodyAsString())
        .contains("edge")
        .contains("cluster_offline")
        .contains("\"mrkdwn\":true");
  }

  @Test
  void a_server_that_is_killed_before_it_is_taken_sends_it_again_under_the_same_id() {
    answers(500);
    channel("webhook", Map.of("secret", SECRET));
    fleet.pass(Duration.ofMinutes(3));
    fleet.pass(Duration.ofSeconds(10));
    int before = target.getAllServeEvents().size();
    assertThat(before).isPositive();

    fleet.crashAndRestart(Duration.ofSeconds(30));
    answers(200);
    fleet.pass(Duration.ofMinutes(5));
    assertThat(target.getAllServeEvents()).hasSize(before + 1);
    assertThat(
            target.getAllServeEvents().stream()
                .map(event -> event.getRequest().getHeader("webhook-id"))
                .distinct())
        .hasSize(1);
    assertThat(fleet.openTypes(edge.id())).hasSize(1);
  }
}
