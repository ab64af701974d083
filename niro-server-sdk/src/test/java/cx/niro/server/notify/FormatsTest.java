package cx.niro.server.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import cx.niro.server.spi.Links;
import cx.niro.server.spi.Notice;
import cx.niro.server.spi.Notice.Change;
import cx.niro.server.spi.Notice.Event;
import java.net.URI;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The payloads that {@code docs/notifications.md} quotes. */
class FormatsTest {
  private static final Instant NOW = Notices.T0.plusSeconds(31);
  private static final Notice OPENED = Notices.opened("Node pi-3 is not ready");
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String URL = "https://hooks.example.com/x";

  private static String body(Format format, Notice notice) {
    return format
        .of(notice, Map.of("url", URL, "secret", SECRET, "routingKey", "R0UT1NG"), NOW)
        .body();
  }

  private static JsonNode json(Format format, Notice notice) throws Exception {
    return new ObjectMapper().readTree(body(format, notice));
  }

  @Test
  void a_webhook_is_json_that_says_all() {
    assertThat(body(new WebhookFormat(Links.NONE), OPENED))
        .isEqualTo(
            """
            {"type":"incidents.opened","timestamp":"2026-01-05T08:00:30Z","data":{"group":"channel-1:cluster/edge",\
            "title":"berlin: Node pi-3 is not ready","firing":1,"omitted":0,"incidents":[{"change":"opened",\
            "id":"incident-1","cluster":{"id":"edge","name":"berlin"},"type":"node_not_ready","scope":"node/pi-3",\
            "severity":"high","summary":"Node pi-3 is not ready","since":"2026-01-05T08:00:00Z"}]}}""");
  }

  @Test
  void a_webhook_is_signed_as_standard_webhooks_says() throws Exception {
    Message message =
        new WebhookFormat(Links.NONE).of(OPENED, Map.of("url", URL, "secret", SECRET), NOW);
    assertThat(message.headers())
        .containsEntry("webhook-id", "delivery-1")
        .containsEntry("webhook-timestamp", Long.toString(NOW.getEpochSecond()));
    javax.crypto.Mac mac = javax.crypto.Mac.getInstance("HmacSHA256");
    byte[] key = Base64.getDecoder().decode(SECRET.substring("whsec_".length()));
    mac.init(new javax.crypto.spec.SecretKeySpec(key, "HmacSHA256"));
    String signed = "delivery-1." + NOW.getEpochSecond() + "." + message.body();
    String expected = Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes("UTF-8")));
    assertThat(message.headers()).containsEntry("webhook-signature", "v1," + expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_*"})
  void a_secret_that_signs_nothing_is_refused_without_being_repeated(String secret) {
    assertThatThrownBy(() -> WebhookFormat.key(Map.of("secret", secret)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("secret must be whsec_ and the base64 of 24 to 64 random bytes");
  }

  @Test
  void slack_gets_lines_for_people() {
    assertThat(body(new SlackFormat(Links.NONE), OPENED))
        .isEqualTo(
            """
            {"text":"🔴 *berlin: Node pi-3 is not ready*\\nhigh · node_not_ready · node/pi-3 · since 2026-01-05T08:00:00Z",\
            "unfurl_links":false,"unfurl_media":false,"mrkdwn":true}""");
    assertThat(body(new SlackFormat(Links.NONE), Notices.resolved())).contains("🟢 *berlin");
  }

  @Test
  void nobody_is_called_and_no_link_is_made_by_texts_of_a_cluster() throws Exception {
    Notice hostile =
        Notices.opened("<!channel> <https://evil.example|fix> & \"}],\"x\":\"@everyone");
    String slack = json(new SlackFormat(Links.NONE), hostile).at("/text").asText();
    assertThat(slack)
        .contains("&lt;!channel&gt; &lt;https://evil.example|fix&gt; &amp; \"}],\"x\":\"@everyone")
        .doesNotContain("<", ">");

    JsonNode discord =
        json(
            new DiscordFormat(Links.NONE),
            Notices.opened("[fix](https://evil.example) **@everyone**"));
    assertThat(discord.at("/content").asText())
        .contains("\\[fix\\]\\(https\\://evil.example\\) \\*\\*\\@everyone\\*\\*");
    assertThat(discord.at("/allowed_mentions/parse")).isEmpty();
    assertThat(discord.size()).isEqualTo(2);
  }

  @Test
  void discord_gets_2000_characters_at_most() throws Exception {
    Notice.Incident[] many = new Notice.Incident[10];
    for (int i = 0; i < many.length; i++) {
      many[i] = Notices.incident(Change.OPENED, "[".repeat(290) + i);
    }
    String text =
        json(new DiscordFormat(Links.NONE), Notices.notice(Event.OPENED, 10, many))
            .at("/content")
            .asText();
    assertThat(text.length()).isBetween(1000, 2000);
    assertThat(text).endsWith("\n…");
  }

  @Test
  void pagerduty_has_one_alert_for_a_group_from_trigger_to_resolve() throws Exception {
    PagerDutyFormat format = new PagerDutyFormat(Links.NONE);
    JsonNode trigger = json(format, OPENED);
    assertThat(trigger.at("/event_action").asText()).isEqualTo("trigger");
    assertThat(trigger.at("/routing_key").asText()).isEqualTo("R0UT1NG");
    assertThat(trigger.at("/payload/severity").asText()).isEqualTo("critical");
    assertThat(trigger.at("/payload/summary").asText()).isEqualTo(OPENED.title());
    assertThat(trigger.at("/payload/source").asText()).isEqualTo("berlin");
    assertThat(trigger.at("/dedup_key").asText()).hasSize(64);

    JsonNode resolve = json(format, Notices.resolved());
    assertThat(resolve.at("/event_action").asText()).isEqualTo("resolve");
    assertThat(resolve.at("/dedup_key")).isEqualTo(trigger.at("/dedup_key"));
    JsonNode acknowledge =
        json(
            format,
            Notices.notice(
                Event.ACKNOWLEDGED, 1, Notices.incident(Change.ACKNOWLEDGED, "Node pi-3")));
    assertThat(acknowledge.at("/event_action").asText()).isEqualTo("acknowledge");
    assertThat(format.of(OPENED, Map.of("routingKey", "x"), NOW).url())
        .isEqualTo("https://events.pagerduty.com/v2/enqueue");
  }

  @Test
  void alertmanager_gets_an_alert_for_each_incident_that_ends_by_itself() {
    assertThat(body(new AlertmanagerFormat(Links.NONE), OPENED))
        .isEqualTo(
            """
            [{"labels":{"alertname":"node_not_ready","severity":"high","cluster":"berlin","cluster_id":"edge",\
            "scope":"node/pi-3","incident":"incident-1"},"annotations":{"summary":"Node pi-3 is not ready"},\
            "startsAt":"2026-01-05T08:00:00Z","endsAt":"2026-01-05T13:00:31Z"}]""");
    assertThat(body(new AlertmanagerFormat(Links.NONE), Notices.resolved()))
        .contains("\"endsAt\":\"2026-01-05T08:01:30Z\"");
    Message message =
        new AlertmanagerFormat(Links.NONE)
            .of(OPENED, Map.of("url", "https://am.example.com/am/", "token", "t0"), NOW);
    assertThat(message.url()).isEqualTo("https://am.example.com/am/api/v2/alerts");
    assertThat(message.headers()).containsEntry("authorization", "Bearer t0");
  }

  private static final Links LINKS = Links.toDashboard(URI.create("https://fleet.example.com/"));
  private static final String INCIDENT = "https://fleet.example.com/incidents?incident=incident-1";
  private static final String CLUSTER = "https://fleet.example.com/clusters/edge/overview";

  @Test
  void a_message_leads_to_the_incident_and_the_cluster() throws Exception {
    JsonNode webhook = json(new WebhookFormat(LINKS), OPENED);
    assertThat(webhook.at("/data/incidents/0/url").asText()).isEqualTo(INCIDENT);
    assertThat(webhook.at("/data/incidents/0/cluster/url").asText()).isEqualTo(CLUSTER);

    assertThat(json(new SlackFormat(LINKS), OPENED).at("/text").asText())
        .endsWith(" · <" + INCIDENT + "|incident> · <" + CLUSTER + "|cluster>");
    assertThat(json(new DiscordFormat(LINKS), OPENED).at("/content").asText())
        .endsWith(" · [incident](<" + INCIDENT + ">) · [cluster](<" + CLUSTER + ">)");
    assertThat(json(new AlertmanagerFormat(LINKS), OPENED).at("/0/generatorURL").asText())
        .isEqualTo(INCIDENT);

    JsonNode pagerDuty = json(new PagerDutyFormat(LINKS), OPENED);
    assertThat(pagerDuty.at("/client_url").asText()).isEqualTo(INCIDENT);
    assertThat(pagerDuty.at("/links/0/href").asText()).isEqualTo(INCIDENT);
    assertThat(pagerDuty.at("/links/1/href").asText()).isEqualTo(CLUSTER);
    assertThat(json(new PagerDutyFormat(LINKS), Notices.resolved()).has("links")).isFalse();
  }

  @Test
  void each_of_several_incidents_has_its_link() throws Exception {
    Notice both =
        Notices.notice(
            Event.OPENED,
            2,
            Notices.incident(Change.OPENED, "one"),
            Notices.incident(Change.RESOLVED, "two"));
    assertThat(json(new SlackFormat(LINKS), both).at("/text").asText().lines().skip(1))
        .containsExactly(
            "• high berlin: one · <" + INCIDENT + "|open>",
            "• resolved: high berlin: two · <" + INCIDENT + "|open>");
  }
}
