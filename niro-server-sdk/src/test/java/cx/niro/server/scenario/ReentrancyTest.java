package cx.niro.server.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ClusterId;
import cx.niro.core.ClusterStatus;
import cx.niro.core.Environment;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.PollReply;
import cx.niro.core.testkit.ManualTime;
import cx.niro.core.testkit.StepExecutor;
import cx.niro.server.Clusters.ClusterSpec;
import cx.niro.server.Clusters.NewCluster;
import cx.niro.server.Commands.CommandRequest;
import cx.niro.server.NiroServer;
import cx.niro.server.ServerListener;
import cx.niro.server.memory.MemoryStores;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.testkit.FakeAgent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guests call back from wherever they are called, even where the executor is the caller. */
@Timeout(60)
class ReentrancyTest {
  private final ManualTime time = ManualTime.create();
  private final StepExecutor scheduler = time.newExecutor();
  private final List<String> heard = new ArrayList<>();
  private final NiroServer server =
      NiroServer.builder(MemoryStores.create())
          .clock(time)
          .nanos(time.nanos())
          .executor(Runnable::run)
          .scheduler(scheduler)
          .listener(new Caller())
          .build();

  /** Calls back into the server from every callback. */
  private final class Caller implements ServerListener {
    @Override
    public void statusChanged(ClusterId cluster, ClusterStatus from, ClusterStatus to) {
      heard.add(to.wireName() + " " + server.fleet().cluster(cluster).orElseThrow().status());
      if (to == ClusterStatus.HEALTHY) {
        server.commands().send(cluster, CommandRequest.PING, "listener");
      }
    }

    @Override
    public void commandFinished(CommandRow command) {
      heard.add("finished " + command.state().wireName());
    }

    @Override
    public void clusterDeleted(ClusterId cluster) {
      heard.add("deleted " + server.fleet().cluster(cluster).isEmpty());
    }
  }

  @Test
  void listeners_and_futures_may_call_back() {
    server.start();
    NewCluster made =
        server
            .clusters()
            .create(FleetFixture.ACME, new ClusterSpec("edge", Environment.DEV, Map.of()), "ada");
    FakeAgent agent = new FakeAgent(server.gateway(), time).enroll(made.enrollment().token());
    agent.poll().thenAccept(reply -> answer(agent, reply));
    agent.beat();
    agent.poll().thenAccept(reply -> answer(agent, reply));
    time.advance(Duration.ofSeconds(31));
    agent.poll().whenComplete((reply, failure) -> heard.add("poll " + (failure != null)));
    server.clusters().delete(made.id(), "ada");

    assertThat(heard)
        .containsExactly(
            "healthy HEALTHY", "finished succeeded", "nothing", "deleted true", "poll true");
    server.close();
  }

  private void answer(FakeAgent agent, PollReply reply) {
    if (reply.commands().isEmpty()) {
      heard.add("nothing");
    } else {
      agent.result(reply.commands().get(0).id(), CommandState.SUCCEEDED);
    }
  }
}
