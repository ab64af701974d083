package cx.niro.samples.rules;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.OrganizationId;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.rules.StandardRules;
import cx.niro.core.policy.PolicyEngine;
import cx.niro.core.policy.PolicyRule;
import cx.niro.core.policy.rules.StandardPolicies;
import cx.niro.core.testkit.Clusters;
import cx.niro.core.testkit.ManualTime;
import cx.niro.core.testkit.StepExecutor;
import cx.niro.server.Clusters.ClusterSpec;
import cx.niro.server.Clusters.NewCluster;
import cx.niro.server.NiroServer;
import cx.niro.server.http.NiroHandler;
import cx.niro.server.http.NiroRequest;
import cx.niro.server.http.NiroResponse;
import cx.niro.server.memory.MemoryStores;
import cx.niro.server.spi.AccessControl;
import cx.niro.server.testkit.FakeAgent;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Both rules in a server beside the standard ones, a day later, through the REST API. */
class HouseRulesOnServerTest {
  private static final OrganizationId ACME = new OrganizationId("acme");

  private final ManualTime time = ManualTime.create();
  private final StepExecutor executor = time.newExecutor();

  @Test
  void their_incident_and_their_finding_are_listed() {
    try (NiroServer niro = server();
        NiroHandler rest = NiroHandler.builder(niro).accessControl(request -> ADA).build()) {
      niro.start();
      ClusterSpec spec = new ClusterSpec("berlin", Environment.PRODUCTION, Map.of());
      NewCluster berlin = niro.clusters().create(ACME, spec, "ada");
      FakeAgent agent = new FakeAgent(niro.gateway(), time).enroll(berlin.enrollment().token());
      agent.sees(
          Clusters.of(
              HouseRulesTest.node("n1", "v1.35.2+k3s1"),
              HouseRulesTest.node("n2", "v1.36.0+k3s1"),
              Clusters.deployment("{'containers': [{'name': 'app', 'image': 'nginx:1.29'}]}")));
      for (int beats = 0; beats <= 24 * 60 * 4 + 4; beats++) {
        agent.beat();
        time.advance(Duration.ofSeconds(15));
      }

      String cluster = "/api/v1/clusters/" + berlin.id();
      assertThat(get(rest, cluster + "/incidents"))
          .contains("\"acme_kubelets_differ\"", "Nodes run different kubelets");
      assertThat(get(rest, cluster + "/findings"))
          .contains("\"acme-foreign-image\"", "Push it to registry.acme.example");
    }
  }

  private NiroServer server() {
    List<IncidentRule> rules = new ArrayList<>(StandardRules.all());
    rules.add(new HouseRules.KubeletsDiffer());
    List<PolicyRule> policies = new ArrayList<>(StandardPolicies.all());
    policies.add(HouseRules.foreignImage("registry.acme.example"));
    return NiroServer.builder(MemoryStores.create())
        .detection(DetectionEngine.of(rules))
        .policies(PolicyEngine.of(policies))
        .clock(time)
        .nanos(time.nanos())
        .executor(executor)
        .scheduler(executor)
        .build();
  }

  private String get(NiroHandler rest, String path) {
    NiroRequest request =
        new NiroRequest("GET", path, Map.of(), Map.of(), InputStream.nullInputStream());
    var answer = rest.handle(request).toCompletableFuture();
    time.runDue();
    NiroResponse.Body body = answer.join().body();
    return new String(((NiroResponse.Body.Bytes) body).bytes(), StandardCharsets.UTF_8);
  }

  /** Who may see everything of ACME. */
  private static final Optional<AccessControl.Caller> ADA =
      Optional.of(
          new AccessControl.Caller() {
            @Override
            public String name() {
              return "ada";
            }

            @Override
            public Set<OrganizationId> organizations() {
              return Set.of(ACME);
            }

            @Override
            public boolean may(AccessControl.Permission permission, OrganizationId organization) {
              return true;
            }

            @Override
            public OrganizationId defaultOrganization() {
              return ACME;
            }
          });
}
