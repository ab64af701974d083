package cx.niro.server.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.server.testkit.Wire.Answer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IncidentBlackBoxTest extends Scene {
  private Enrolled agent;
  private String incident;

  /** A cluster that is silent for three minutes: cluster_offline is open. */
  @BeforeEach
  void anIncident() {
    agent = enrolledCluster("berlin");
    server.advance(Duration.ofMinutes(3));
    incident = "/api/v1/incidents/" + firing().text("/items/0/id");
  }

  private Answer firing() {
    return wire.get("/api/v1/incidents?state=firing", OWNER);
  }

  private void resolve() {
    beat(agent, "boot-1", 2);
    assertThat(wire.get(incident, OWNER).text("/state")).isEqualTo("resolved");
  }

  private List<String> timeline(String kind) {
    return wire.get(agent.path("/timeline?kind=" + kind), OWNER)
        .json()
        .at("/items")
        .findValuesAsText("summary");
  }

  @Test
  void an_acknowledged_incident_says_by_whom_until_it_is_taken_back() {
    Answer taken = wire.post(incident + "/acknowledge", OWNER, "{\"note\":\"at the rack\"}");

    assertThat(taken.text("/acknowledged/by")).isEqualTo("olga");
    assertThat(taken.text("/acknowledged/note")).isEqualTo("at the rack");
    assertThat(taken.text("/state")).isEqualTo("firing");
    assertThat(status(agent.id())).isEqualTo("offline");
    assertThat(wire.get(agent.path(""), OWNER).text("/openIncidents")).isEqualTo("1");

    assertThat(wire.delete(incident + "/acknowledge", OWNER).json().at("/acknowledged").isNull())
        .isTrue();
    assertThat(wire.delete(incident + "/acknowledge", OWNER).status()).isEqualTo(200);
    assertThat(timeline("incident_acknowledged")).hasSize(1);
    assertThat(timeline("incident_acknowledgement_withdrawn")).hasSize(1);
  }

  @Test
  void an_acknowledgement_needs_no_body_and_stays_when_the_incident_is_resolved() {
    assertThat(wire.send(post("/acknowledge")).text("/acknowledged/by")).isEqualTo("olga");
    resolve();
    assertThat(wire.get(incident, OWNER).text("/acknowledged/by")).isEqualTo("olga");
    assertThat(wire.post(incident + "/acknowledge", OWNER, "{}").problem())
        .isEqualTo("409 incident_resolved");
  }

  private java.net.http.HttpRequest.Builder post(String path) {
    return wire.request(incident + path, OWNER)
        .POST(java.net.http.HttpRequest.BodyPublishers.noBody());
  }

  @Test
  void a_silenced_incident_counts_on_and_says_until_when() {
    Answer silenced =
        wire.post(incident + "/silence", OWNER, "{\"durationSeconds\":3600,\"reason\":\"moving\"}");

    assertThat(silenced.status()).as(silenced.body()).isEqualTo(200);
    assertThat(silenced.text("/silenced/by")).isEqualTo("olga");
    assertThat(silenced.text("/silenced/reason")).isEqualTo("moving");
    assertThat(wire.get(agent.path(""), OWNER).text("/openIncidents")).isEqualTo("1");
    assertThat(timeline("silenced")).containsExactly("Silenced by olga: moving");

    String silence = "/api/v1/silences/" + silenced.text("/silenced/id");
    assertThat(wire.get(silence, OWNER).text("/matchers/scopePrefix")).isEqualTo("cluster");
    server.advance(Duration.ofMinutes(61));
    assertThat(wire.get(incident, OWNER).json().at("/silenced").isNull()).isTrue();
    assertThat(wire.get(silence, OWNER).text("/state")).isEqualTo("expired");
  }

  @Test
  void a_silence_holds_for_the_same_trouble_when_it_comes_again() {
    wire.post(incident + "/silence", OWNER, "{\"durationSeconds\":3600,\"reason\":\"moving\"}");
    resolve();
    assertThat(wire.get(incident, OWNER).json().at("/silenced").isNull()).isTrue();
    server.advance(Duration.ofMinutes(4));
    assertThat(firing().text("/items/0/silenced/reason")).isEqualTo("moving");
  }

  @Test
  void a_maintenance_window_covers_by_label_when_it_has_begun() {
    wire.patch(agent.path(""), OWNER, "{\"labels\":{\"site\":\"north\"}}");
    Answer window =
        wire.post(
            "/api/v1/silences",
            OWNER,
            """
            {"matchers":{"labels":{"site":"north"},"environments":["unspecified"]},
             "startsAt":"%s","durationSeconds":600,"reason":"new switch"}
            """
                .formatted(server.now().plusSeconds(120)));
    assertThat(window.status()).as(window.body()).isEqualTo(201);
    assertThat(window.text("/state")).isEqualTo("scheduled");
    assertThat(firing().json().at("/items/0/silenced").isNull()).isTrue();

    server.advance(Duration.ofMinutes(3));
    assertThat(firing().text("/items/0/silenced/id")).isEqualTo(window.text("/id"));
    assertThat(timeline("silenced")).hasSize(1);
    assertThat(wire.get("/api/v1/silences?state=active", OWNER).json().at("/items")).hasSize(1);

    String path = "/api/v1/silences/" + window.text("/id");
    assertThat(wire.delete(path, OWNER).text("/state")).isEqualTo("expired");
    assertThat(wire.delete(path, OWNER).status()).isEqualTo(200);
    assertThat(firing().json().at("/items/0/silenced").isNull()).isTrue();
    assertThat(wire.get("/api/v1/silences?state=active", OWNER).json().at("/items")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'matchers':{},'durationSeconds':60,'reason':'x'} | matchers must say something",
        "{'durationSeconds':60,'reason':'x'} | matchers must say something",
        "{'matchers':{'types':['a']},'durationSeconds':60} | reason: is required",
        "{'matchers':{'types':['a']},'durationSeconds':60,'reason':' '} | reason must have 1 to 500",
        "{'matchers':{'types':['a']},'reason':'x'} | endsAt or durationSeconds must be given",
        "{'matchers':{'types':['a']},'durationSeconds':0,'reason':'x'} | durationSeconds: must be 1 to",
        "{'matchers':{'types':['a']},'durationSeconds':2592001,'reason':'x'} | durationSeconds: must be",
        "{'matchers':{'types':['a']},'endsAt':'2020-01-01T00:00:00Z','reason':'x'} | endsAt must be in",
        "{'matchers':{'types':['a']},'endsAt':'2999-01-01T00:00:00Z','reason':'x'} | endsAt must be in",
        "{'matchers':{'types':['a']},'startsAt':'2020-01-01T00:00:00Z','durationSeconds':9,'reason':'x'} | startsAt must not",
        "{'matchers':{'environments':['moon']},'durationSeconds':9,'reason':'x'} | must be one of unspecified",
        "{'matchers':{'types':['a']},'durationSeconds':9,'reason':'a\\u202Eb'} | reason must have visible characters only, but has U+202E",
        "{'matchers':{'scopePrefix':'/'},'durationSeconds':9,'reason':'x'} | scopePrefix must be",
        "{'matchers':{'environments':['a\\u202Eb']},'durationSeconds':9,'reason':'x'} | 'a\\u202Eb'",
        "{'matchers':{'clusters':['a b']},'durationSeconds':9,'reason':'x'} | matchers.clusters",
      })
  void what_a_silence_may_not_say_is_refused(String body, String message) {
    Answer answer = wire.post("/api/v1/silences", OWNER, body.replace('\'', '"'));
    assertThat(answer.problem()).isEqualTo("422 invalid_field");
    assertThat(answer.text("/detail")).contains(message);
  }

  @Test
  void a_note_may_have_lines_and_nothing_that_hides() {
    Answer taken = wire.post(incident + "/acknowledge", OWNER, "{\"note\":\"one\\ntwo\"}");
    assertThat(taken.text("/acknowledged/note")).isEqualTo("one\ntwo");
    Answer refused = wire.post(incident + "/acknowledge", OWNER, "{\"note\":\"a\\u200Bb\"}");
    assertThat(refused.problem()).isEqualTo("422 invalid_field");
    assertThat(refused.text("/detail"))
        .isEqualTo("note must have visible characters only, but has U+200B");
  }

  @Test
  void a_silence_is_of_the_organization_of_its_clusters_and_others_do_not_see_it() {
    String body =
        "{\"matchers\":{\"clusters\":[\"%s\"]},\"durationSeconds\":60,\"reason\":\"x\"}"
            .formatted(agent.id());
    assertThat(wire.post("/api/v1/silences", Booted.STRANGER, body).problem())
        .isEqualTo("404 not_found");
    assertThat(wire.post("/api/v1/silences", Booted.VIEWER, body).problem())
        .isEqualTo("403 forbidden");
    Answer made = wire.post("/api/v1/silences", OWNER, body);
    String path = "/api/v1/silences/" + made.text("/id");
    assertThat(made.text("/organization")).isEqualTo("acme");
    assertThat(wire.get(path, Booted.VIEWER).status()).isEqualTo(200);
    assertThat(wire.get(path, Booted.STRANGER).problem()).isEqualTo("404 not_found");
    assertThat(wire.delete(path, Booted.STRANGER).problem()).isEqualTo("404 not_found");
    assertThat(wire.delete(path, Booted.VIEWER).problem()).isEqualTo("403 forbidden");
    assertThat(wire.get("/api/v1/silences", Booted.STRANGER).json().at("/items")).isEmpty();
  }

  @Test
  void a_viewer_neither_acknowledges_nor_silences() {
    assertThat(wire.post(incident + "/acknowledge", Booted.VIEWER, "{}").problem())
        .isEqualTo("403 forbidden");
    assertThat(wire.delete(incident + "/acknowledge", Booted.VIEWER).problem())
        .isEqualTo("403 forbidden");
    assertThat(wire.post(incident + "/silence", Booted.VIEWER, "{}").problem())
        .isEqualTo("403 forbidden");
    assertThat(wire.post(incident + "/acknowledge", Booted.STRANGER, "{}").problem())
        .isEqualTo("404 not_found");
  }

  @Test
  void kinds_of_the_timeline_are_repeated_or_listed_with_commas() {
    wire.post(incident + "/acknowledge", OWNER, "{}");
    assertThat(timeline("incident_opened,incident_acknowledged")).hasSize(2);
    assertThat(timeline("incident_opened&kind=incident_acknowledged")).hasSize(2);
    assertThat(timeline("incident_opened")).hasSize(1);
  }

  @Test
  void incidents_are_filtered_by_severity_type_and_suppression() {
    String all = "/api/v1/incidents?";
    assertThat(wire.get(all + "severity=high", OWNER).json().at("/items")).hasSize(1);
    assertThat(wire.get(all + "severity=low", OWNER).json().at("/items")).isEmpty();
    assertThat(wire.get(all + "type=cluster_offline", OWNER).json().at("/items")).hasSize(1);
    assertThat(wire.get(all + "suppressed=true", OWNER).json().at("/items")).isEmpty();
    assertThat(wire.get(all + "suppressed=false", OWNER).json().at("/items")).hasSize(1);
    assertThat(wire.get(all + "suppressed=maybe", OWNER).problem()).isEqualTo("422 invalid_field");
  }
}
