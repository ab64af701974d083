package cx.niro.agent.kubernetes;

import static cx.niro.agent.kubernetes.Deploying.actions;
import static cx.niro.core.managed.ObjectAction.CONFIGURED;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.managed.ApplyReport;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FakeManagedTest extends ManagedContract {
  private final ExecutorService applier = Executors.newSingleThreadExecutor();

  @AfterEach
  void endApplier() {
    applier.shutdownNow();
  }

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

  /** It has not read its roles yet, so its word that something is forbidden does not count. */
  @Test
  void refusals_of_an_api_server_that_was_away_are_waited_for_too() throws Exception {
    web.apply(1, config("a", "blue"));
    Deploying cut = slow(2, this::cutAndForbid);
    Future<ApplyReport> applied = applier.submit(() -> cut.apply(2, config("a", "green")));
    InventoryContract.awaitTrue(this::wasRefused);
    cluster.stand().allow("*", "configmaps");

    assertThat(actions(applied.get(60, TimeUnit.SECONDS))).containsExactly(CONFIGURED);
  }

  private Void cutAndForbid() throws IOException {
    cluster.stand().forbid("*", "configmaps");
    throw new IOException("cut");
  }

  private boolean wasRefused() {
    return cluster.stand().requests().stream().anyMatch(request -> request.status() == 403);
  }
}
