package cx.niro.server.notify;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import cx.niro.core.testkit.ManualTime;
import cx.niro.server.spi.Links;
import cx.niro.server.spi.Notifier;
import cx.niro.server.spi.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real requests to a target on loopback that misbehaves. */
class HttpNotifiersTest {
  private static final WireMockServer TARGET =
      new WireMockServer(WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort());
  private final HttpNotifiers notifiers = notifiers("127.0.0.1");

  private static HttpNotifiers notifiers(String... allowed) {
    return HttpNotifiers.create(
        AllowedTargets.parse(List.of(allowed)), ManualTime.create(), Links.NONE);
  }

  @BeforeAll
  static void start() {
    TARGET.start();
  }

  @AfterAll
  static void stop() {
    TARGET.stop();
  }

  @BeforeEach
  void forget() {
    TARGET.resetAll();
  }

  @AfterEach
  void close() {
    notifiers.close();
  }

  private static Notifier slack(HttpNotifiers notifiers) {
    return Objects.requireNonNull(notifiers.byKind().get("slack"));
  }

  private Outcome send(ResponseDefinitionBuilder answer) {
    TARGET.stubFor(post(anyUrl()).willReturn(answer));
    return slack(notifiers).send(Notices.opened("Node"), settings());
  }

  private static Map<String, String> settings() {
    return Map.of("url", "http://127.0.0.1:" + TARGET.port() + "/services/T0/B0/XXX");
  }

  @Test
  void a_target_that_takes_it_has_it_once_as_json() {
    assertThat(send(aResponse().withStatus(200).withBody("ok"))).isEqualTo(Outcome.sent());
    TARGET.verify(
        1,
        postRequestedFor(urlEqualTo("/services/T0/B0/XXX"))
            .withHeader("content-type", equalTo("application/json"))
            .withHeader("user-agent", equalTo("niro")));
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 408, 429})
  void what_may_pass_is_tried_again(int status) {
    assertThat(send(aResponse().withStatus(status)))
        .isEqualTo(Outcome.retry("the target answered " + status, null));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 410})
  void what_will_not_pass_is_refused(int status) {
    assertThat(send(aResponse().withStatus(status)))
        .isEqualTo(Outcome.refused("the target answered " + status));
  }

  @Test
  void retry_after_is_read_as_seconds_and_as_a_date() {
    assertThat(send(aResponse().withStatus(429).withHeader("Retry-After", "120")).retryAfter())
        .isEqualTo(Duration.ofMinutes(2));
    String date = "Mon, 5 Jan 2026 08:05:00 GMT";
    assertThat(send(aResponse().withStatus(503).withHeader("Retry-After", date)).retryAfter())
        .isEqualTo(Duration.ofMinutes(5));
    assertThat(send(aResponse().withStatus(503).withHeader("Retry-After", "soon")).retryAfter())
        .isNull();
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void broken_connections_are_tried_again(Fault fault) {
    Outcome outcome = send(aResponse().withFault(fault));
    if (fault == Fault.MALFORMED_RESPONSE_CHUNK) {
      assertThat(outcome).as("its status was read").isEqualTo(Outcome.sent());
    } else {
      assertThat(outcome.kind()).isEqualTo(Outcome.Kind.RETRY);
      assertThat(outcome.why()).startsWith("the connection failed: ");
    }
  }

  @Test
  void a_redirect_is_refused_and_not_followed() {
    Outcome outcome =
        send(
            aResponse()
                .withStatus(302)
                .withHeader("Location", "http://127.0.0.1:" + TARGET.port() + "/elsewhere"));
    assertThat(outcome)
        .isEqualTo(Outcome.refused("the target answered 302; redirects are not followed"));
    TARGET.verify(0, postRequestedFor(urlEqualTo("/elsewhere")));
  }

  @Test
  void a_target_that_hangs_is_left_after_10_seconds() {
    assertThat(send(aResponse().withFixedDelay(30_000)))
        .isEqualTo(Outcome.retry("no answer within 10 s", null));
  }

  @Test
  void a_body_that_drips_or_never_ends_is_not_waited_for() {
    assertThat(
            send(
                aResponse()
                    .withStatus(200)
                    .withBody("x".repeat(1_000_000))
                    .withChunkedDribbleDelay(100, 60_000)))
        .isEqualTo(Outcome.sent());
  }

  @Test
  void loopback_is_refused_unless_it_is_allowed_as_a_name_and_as_an_address() {
    try (HttpNotifiers strict = notifiers();
        HttpNotifiers other = notifiers("10.0.0.0/8", "hook.example")) {
      for (String host : List.of("127.0.0.1", "localhost", "[::1]", "0x7f.1", "2130706433")) {
        Map<String, String> settings = Map.of("url", "https://" + host + ":" + TARGET.port() + "/");
        assertThat(slack(strict).send(Notices.opened("Node"), settings).kind())
            .as(host)
            .isNotEqualTo(Outcome.Kind.SENT);
        assertThat(slack(other).send(Notices.opened("Node"), settings).kind())
            .as(host)
            .isNotEqualTo(Outcome.Kind.SENT);
      }
      assertThat(
              slack(strict)
                  .send(Notices.opened("N"), Map.of("url", "https://localhost:" + TARGET.port())))
          .isEqualTo(Outcome.refused("url must not name an address that is not public"));
    }
    assertThat(TARGET.getAllServeEvents()).isEmpty();
  }

  @Test
  void the_socket_looks_at_the_address_itself() {
    GuardedSockets sockets = new GuardedSockets(AllowedTargets.PUBLIC);
    assertThatThrownBy(
            () ->
                sockets
                    .createSocket()
                    .connect(new java.net.InetSocketAddress("127.0.0.1", TARGET.port()), 1000))
        .isInstanceOf(GuardedSockets.RefusedException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://hooks.slack.com/x",
        "ftp://hooks.slack.com/x",
        "hooks.slack.com",
        "https://user:secret@hooks.slack.com/x",
        "https://169.254.169.254/latest",
        "https://[::1]/"
      })
  void a_url_that_cannot_work_is_refused_when_it_is_given_without_being_repeated(String url) {
    assertThatThrownBy(() -> slack(notifiers).check(Map.of("url", url)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("url must ")
        .hasMessageNotContaining("secret")
        .hasMessageNotContaining("/x");
  }

  @Test
  void settings_that_are_missing_or_unknown_are_named() {
    assertThatThrownBy(() -> slack(notifiers).check(Map.of())).hasMessage("url is required");
    assertThatThrownBy(() -> slack(notifiers).check(Map.of("url", "https://a.example", "x", "y")))
        .hasMessage("x is not a setting of this kind");
  }
}
