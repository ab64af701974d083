package cx.niro.agent.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.testkit.FakeKubernetes.Request;
import java.util.List;
import org.junit.jupiter.api.Test;

class FakeManagedWatchTest extends ManagedWatchContract {
  @Override
  TestCluster open() throws Exception {
    return TestCluster.fake();
  }

  @Test
  void secrets_are_never_listed_and_a_kind_that_may_not_be_is_read_one_by_one() throws Exception {
    applied();
    cluster.stand().forbid("list", "configmaps");
    cluster.stand().clearRequests();
    ManagedWatch watch = watch();
    watch.reread("web");
    await(() -> !mark(watch).isEmpty());
    List<Request> requests = cluster.stand().requests();
    assertThat(requests)
        .noneMatch(r -> r.path().endsWith("/secrets"))
        .anyMatch(r -> r.path().endsWith("/configmaps/a") && r.verb().equals("get"));
    assertThat(requests.size()).isLessThan(15);
  }
}
