package cx.niro.agent.kubernetes;

import static cx.niro.agent.kubernetes.Deploying.actions;
import static cx.niro.core.managed.ObjectAction.CONFIGURED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FakeManagedTest extends ManagedContract {
  @Override
  TestCluster open() throws Exception {
    return TestCluster.fake();
  }

  @Test
  void an_api_server_that_restarts_is_waited_for() throws Exception {
    web.apply(1, config("a", "blue"));
    cluster.stand().goDown();
    CompletableFuture<Void> up =
        CompletableFuture.runAsync(
            () -> cluster.stand().goUp(),
            CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));
    assertThat(actions(web.apply(2, config("a", "green")))).containsExactly(CONFIGURED);
    up.join();
  }
}
