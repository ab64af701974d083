package cx.niro.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.testkit.VirtualClusterSpec;
import cx.niro.agent.testkit.VirtualFleet;
import cx.niro.app.access.Access;
import cx.niro.app.access.Role;
import cx.niro.app.server.RunningServer;
import cx.niro.core.Environment;
import cx.niro.server.Clusters;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code /metrics} of a whole server, read by the rules of Prometheus' text format. */
class MetricsScenarioTest {
  private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
  private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\n\"])*\"";
  private static final Pattern SAMPLE =
      Pattern.compile("(" + NAME + ")((?:\\{" + LABEL + "(?:," + LABEL + ")*})?) (-?[0-9.E+-]+)");
  private static final Pattern TYPE = Pattern.compile("# TYPE (" + NAME + ") (counter|gauge)");

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void it_counts_the_fleet_the_agents_the_requests_and_the_process() throws Exception {
    try (RunningServer server = Servers.knownAs(null);
        VirtualFleet fleet =
            VirtualFleet.builder(server.address().toString())
                .options(options -> options.proxy(null))
                .build()) {
      fleet.add(VirtualClusterSpec.of(2, 5), enroll(server, "quiet-secret-name"));
      Await.until(
          "a healthy cluster",
          () -> read(server).getOrDefault("niro_clusters{status=\"healthy\"}", 0.0) == 1);
      Map<String, Double> samples = read(server);

      assertThat(samples.get("niro_agent_requests_total{outcome=\"ok\",request=\"enroll\"}"))
          .isEqualTo(1);
      assertThat(samples.get("niro_agent_requests_total{outcome=\"ok\",request=\"heartbeat\"}"))
          .isPositive();
      assertThat(samples)
          .containsKeys(
              "niro_incidents_firing{severity=\"high\"}",
              "niro_findings_open{severity=\"low\"}",
              "niro_http_requests_total{code=\"200\",method=\"POST\",route=\"/agent/v1/enroll\"}",
              "niro_build_info{version=\"dev\"}",
              "process_cpu_seconds_total",
              "jvm_memory_used_bytes{area=\"heap\"}",
              "jvm_threads_current");
      assertThat(samples.keySet()).noneMatch(name -> name.contains("quiet-secret-name"));
    }
  }

  @Test
  void words_that_a_client_makes_up_make_no_new_series() throws Exception {
    try (RunningServer server = Servers.knownAs(null)) {
      for (int i = 0; i < 5; i++) {
        send(server, "/api/v1/nothing-" + i, "GET", "");
        send(server, "/api/v1/clusters", "BREW" + i, "");
      }
      assertThat(read(server).keySet().stream().filter(name -> name.contains("niro_http_requests")))
          .containsExactlyInAnyOrder(
              "niro_http_requests_total{code=\"404\",method=\"GET\",route=\"none\"}",
              "niro_http_requests_total{code=\"405\",method=\"other\",route=\"none\"}");
    }
  }

  @Test
  void somebody_else_needs_an_api_token_of_any_role() throws Exception {
    URI known = URI.create("https://fleet.example.com");
    try (RunningServer server = Servers.knownAs(known)) {
      assertThat(send(server, "/metrics", "GET", "").statusCode()).isEqualTo(401);
      assertThat(send(server, "/metrics", "GET", "Bearer nonsense").statusCode()).isEqualTo(401);
      String token = server.access().newApiToken("prometheus", Role.VIEWER).secretText();
      assertThat(send(server, "/metrics", "GET", "Bearer " + token).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void who_comes_through_a_proxy_on_this_machine_is_somebody_else() throws Exception {
    try (RunningServer server = Servers.knownAs(null)) {
      HttpRequest forwarded =
          HttpRequest.newBuilder(server.address().resolve("/metrics"))
              .header("X-Forwarded-For", "203.0.113.9")
              .build();
      assertThat(client.send(forwarded, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
    }
  }

  private static String enroll(RunningServer server, String name) {
    Clusters.ClusterSpec spec = new Clusters.ClusterSpec(name, Environment.UNSPECIFIED, Map.of());
    return server.niro().clusters().create(Access.ORGANIZATION, spec, "ada").enrollment().token();
  }

  /** Samples by name and labels; fails where the text is not what Prometheus reads. */
  private Map<String, Double> read(RunningServer server) {
    HttpResponse<String> answer = send(server, "/metrics", "GET", "");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
    assertThat(answer.body()).endsWith("\n");
    Map<String, Double> samples = new HashMap<>();
    Set<String> typed = new HashSet<>();
    answer.body().lines().forEach(line -> line(line, samples, typed));
    return samples;
  }

  private static void line(String line, Map<String, Double> samples, Set<String> typed) {
    Matcher type = TYPE.matcher(line);
    if (type.matches()) {
      assertThat(typed.add(type.group(1))).as("one TYPE of %s", type.group(1)).isTrue();
      assertThat(type.group(1).endsWith("_total")).isEqualTo(type.group(2).equals("counter"));
    } else if (!line.startsWith("# HELP ")) {
      Matcher sample = SAMPLE.matcher(line);
      assertThat(sample.matches()).as(line).isTrue();
      assertThat(typed).contains(sample.group(1));
      double value = Double.parseDouble(sample.group(3));
      assertThat(samples.put(sample.group(1) + sample.group(2), value)).as(line).isNull();
    }
  }

  private HttpResponse<String> send(
      RunningServer server, String path, String method, String authorization) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.address().resolve(path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
