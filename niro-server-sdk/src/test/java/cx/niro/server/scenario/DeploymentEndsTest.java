package cx.niro.server.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.CommandId;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.managed.ApplyOptions;
import cx.niro.core.managed.DriftState;
import cx.niro.core.protocol.CommandOffer;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.RawJson;
import cx.niro.server.Deployments;
import cx.niro.server.Deployments.Spec;
import cx.niro.server.manifest.ManifestFile;
import cx.niro.server.manifest.ManifestSet;
import cx.niro.server.scenario.FleetFixture.Member;
import cx.niro.server.spi.DeploymentRow;
import cx.niro.server.spi.DeploymentRow.Status;
import cx.niro.server.testkit.FakeAgent;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands of a deployment that end without having done what they were for. */
class DeploymentEndsTest {
  private static final String WEB = "{apiVersion: v1, kind: ConfigMap, metadata: {name: web}}";
  private static final String OBJECT =
      "\"object\":{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"namespace\":\"shop\",\"name\":\"web\"}";

  private final FleetFixture fleet = new FleetFixture();
  private final Deployments deployments = fleet.server.deployments();
  private final Member edge = fleet.member("edge");
  private final FakeAgent agent = edge.agent();

  @BeforeEach
  void grant() {
    agent.granted("apply").beat();
  }

  private CommandId put() {
    ManifestSet set = ManifestSet.parse(List.of(new ManifestFile("web.yaml", WEB)), "shop");
    Spec spec = new Spec("web", "shop", set, List.of());
    return deployments.put(edge.id(), spec, ApplyOptions.CAREFUL, "ada").command().id();
  }

  private CommandOffer taken() {
    return agent.poll(0, 4).join().commands().get(0);
  }

  private void ends(CommandState state, String output) {
    agent.result(taken().id(), 1, state, new RawJson(output));
    fleet.time.runDue();
  }

  private void applied(CommandState state, String status, String action) {
    String objects = "[{" + OBJECT + ",\"action\":\"" + action + "\"}]";
    ends(state, "{\"revision\":1,\"status\":\"" + status + "\",\"objects\":" + objects + "}");
  }

  private DeploymentRow row() {
    return deployments.find(edge.id(), "web").orElseThrow().deployment();
  }

  @Test
  void an_apply_that_somebody_cancelled_opens_no_incident() {
    fleet.server.commands().cancel(edge.id(), put(), "bob");
    fleet.time.runDue();
    assertThat(row().applied().status()).isEqualTo(Status.FAILED);
    assertThat(row().applied().reason()).isEqualTo("cancelled: cancelled by bob");
    assertThat(fleet.open(edge.id())).isEmpty();
  }

  @Test
  void an_apply_that_was_cancelled_half_way_says_so_and_opens_no_incident() {
    put();
    applied(CommandState.CANCELLED, "partial", "failed");
    assertThat(row().applied().status()).isEqualTo(Status.PARTIAL);
    assertThat(fleet.open(edge.id())).isEmpty();
  }

  @Test
  void a_cancelled_apply_leaves_the_incident_of_the_one_before_open() {
    put();
    applied(CommandState.FAILED, "failed", "failed");
    fleet.server.commands().cancel(edge.id(), put(), "bob");
    assertThat(fleet.openTypes(edge.id())).containsExactly(IncidentType.DEPLOYMENT_FAILED);
  }

  @Test
  void a_comparison_that_did_not_take_place_leaves_what_the_last_one_said() {
    put();
    applied(CommandState.SUCCEEDED, "succeeded", "created");
    deployments.diff(edge.id(), "web", "ada");
    ends(
        CommandState.SUCCEEDED,
        "{\"revision\":1,\"state\":\"drifted\",\"objects\":[{"
            + OBJECT
            + ",\"state\":\"missing\",\"changes\":[]}],\"ceded\":[]}");
    DeploymentRow.Drift drift = row().drift();
    assertThat(drift.state()).isEqualTo(DriftState.DRIFTED);

    deployments.diff(edge.id(), "web", "ada");
    ends(CommandState.FAILED, "{}");
    assertThat(row().drift()).isEqualTo(drift);
    CommandId cancelled = deployments.diff(edge.id(), "web", "ada").id();
    fleet.server.commands().cancel(edge.id(), cancelled, "bob");
    assertThat(row().drift()).isEqualTo(drift);
    deployments.diff(edge.id(), "web", "ada");
    fleet.beatFor(Duration.ofMinutes(61), agent);
    assertThat(row().drift()).isEqualTo(drift);
    deployments.diff(edge.id(), "web", "ada");
    put();
    assertThat(row().drift()).isEqualTo(drift);
  }
}
