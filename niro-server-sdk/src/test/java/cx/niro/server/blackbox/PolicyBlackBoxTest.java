package cx.niro.server.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.server.testkit.Wire.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyBlackBoxTest extends Scene {
  private static final String WORKLOADS =
      """
      {"workloads":[{"meta":{"uid":"w1","namespace":"shop","name":"cart","hash":"a"},"kind":"Deployment",
        "desiredReplicas":1,"template":{"containers":[{"name":"app","image":"cart:latest"}]}}],
       "pods":[{"meta":{"uid":"p1","namespace":"shop","name":"tool","hash":"b"},
        "spec":{"containers":[{"name":"app","image":"tool:1"}]},"status":{"phase":"Running"}}]}
      """;

  private Enrolled agent;

  @BeforeEach
  void aCluster() {
    agent = enrolledCluster("berlin");
    reports(2);
  }

  private void reports(int sequence) {
    String beat =
        fullBeat("boot-1", sequence, WORKLOADS)
            .replace("\"revision\":1", "\"revision\":" + sequence)
            .replace("\"sections\":{", "\"sections\":{\"workloads\":{\"state\":\"complete\"},");
    assertThat(wire.post("/agent/v1/heartbeat", agent.key(), beat).status()).isEqualTo(200);
  }

  private Answer findings(String query) {
    return wire.get("/api/v1/findings?" + query, OWNER);
  }

  private Answer puts(String body) {
    return wire.send(
        wire.request(agent.path("/policy"), OWNER)
            .header("content-type", "application/json")
            .PUT(BodyPublishers.ofString(body.replace('\'', '"'))));
  }

  @Test
  void findings_say_what_is_wrong_where_and_what_to_do() {
    Answer all = findings("rule=mutable-tag");
    assertThat(all.text("/items/0/scope")).isEqualTo("ns/shop/Deployment/cart");
    assertThat(all.text("/items/0/namespace")).isEqualTo("shop");
    assertThat(all.text("/items/0/severity")).isEqualTo("low");
    assertThat(all.text("/items/0/cluster/name")).isEqualTo("berlin");
    assertThat(all.text("/items/0/fix")).isNotEmpty();
    assertThat(all.text("/items/0/state")).isEqualTo("open");
    assertThat(findings("severity=high").json().at("/items")).isEmpty();
    assertThat(findings("namespace=shop&limit=1").json().at("/nextCursor").isNull()).isFalse();
    assertThat(findings("namespace=elsewhere").json().at("/items")).isEmpty();
    assertThat(findings("state=gone").problem()).isEqualTo("422 invalid_field");
    assertThat(wire.get("/api/v1/findings", Booted.STRANGER).json().at("/items")).isEmpty();
    int low = wire.get("/api/v1/fleet", OWNER).json().at("/findings/low").asInt();
    assertThat(low).isPositive();
    assertThat(wire.get(agent.path(""), OWNER).json().at("/findings/low").asInt()).isEqualTo(low);
  }

  @Test
  void an_exemption_moves_findings_with_the_next_heartbeat_and_keeps_its_author() {
    String exemption =
        "{'exemptions':[{'namespace':'shop','rules':['mutable-tag'],'reason':'a demo'}]}";
    Answer said = puts(exemption);
    assertThat(said.status()).as(said.body()).isEqualTo(200);
    assertThat(said.text("/profile")).isEqualTo("baseline");
    assertThat(said.text("/exemptions/0/createdBy")).isEqualTo("olga");
    server.advance(Duration.ofSeconds(15));
    reports(3);
    assertThat(findings("rule=mutable-tag").json().at("/items")).isEmpty();
    assertThat(findings("rule=mutable-tag&state=exempt").text("/items/0/exemption"))
        .isEqualTo("a demo");
    assertThat(puts(exemption).text("/exemptions/0/createdAt"))
        .isEqualTo(said.text("/exemptions/0/createdAt"));
    assertThat(puts("{}").json().at("/exemptions")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'profile':'strict'} | must be one of off, baseline, restricted",
        "{'namespaceProfiles':{'shop':'strict'}} | namespaceProfiles.shop: must be one of",
        "{'exemptions':[{'namespace':'shop'}]} | exemptions.reason: is required",
        "{'exemptions':[{'namespace':'shop','reason':' '}]} | exemptions.reason: is required",
        "{'exemptions':[{'reason':'x'}]} | exemptions need a namespace",
        "{'exemptions':[{'rules':['no-such-rule'],'reason':'x'}]} | there is no policy no-such-rule",
        "{'exemptions':[{'rules':['No Rule'],'reason':'x'}]} | exemptions.rules: policy id must be",
      })
  void what_cannot_be_said_of_policies_is_refused(String body, String message) {
    Answer answer = puts(body);
    assertThat(answer.problem()).isEqualTo("422 invalid_field");
    assertThat(answer.text("/detail")).contains(message);
  }
}
