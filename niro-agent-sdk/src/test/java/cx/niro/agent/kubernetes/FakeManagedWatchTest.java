package cx.niro.agent.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.testkit.FakeKubernetes.Request;
import io.kubernetes.client.openapi.ApiClient;
import java.util.List;
import java.util.concurrent.CountDownLatch;
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

  @Test
  void a_failure_at_the_start_is_made_good_and_a_bad_list_stops_no_other() throws Exception {
    applied();
    String home = cluster.namespace() + "-home";
    cluster.create(
        "/api/v1/namespaces/" + home + "/configmaps",
        "{'metadata':{'name':'niro-managed-bad','labels':{'niro.cx/managed':'true'}},'data':{'revision':'x'}}");
    cluster.stand().forbid("list", "configmaps");
    ManagedWatch watch = watch();
    watch.learn();
    assertThat(watch.marks()).isEmpty();
    cluster.stand().allow("list", "configmaps");
    watch.learn();
    await(() -> !mark(watch).isEmpty());
    cluster.stand().clearRequests();
    watch.learn();
    assertThat(cluster.stand().requests()).noneMatch(r -> r.path().contains(home));
  }

  @Test
  void the_watches_of_a_deployment_that_was_deleted_end() throws Exception {
    applied();
    ManagedWatch watch = watch();
    watch.reread("web");
    await(() -> !mark(watch).isEmpty() && cluster.stand().watches() == 2);
    web.delete(4, false);
    watch.reread("web");
    await(
        () -> {
          // The stand-in sees that nobody listens when it writes.
          cluster.stand().sendBookmarks();
          return cluster.stand().watches() == 0;
        });
    applied();
    watch.reread("web");
    await(() -> !mark(watch).isEmpty());
  }

  @Test
  void a_slow_answer_to_one_keeps_nobody_else_waiting() throws Exception {
    applied();
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    ApiClient client = cluster.client();
    client.setHttpClient(
        client
            .getHttpClient()
            .newBuilder()
            .addInterceptor(
                chain -> {
                  if (chain.request().url().queryParameter("labelSelector") != null) {
                    asked.countDown();
                    await(() -> go.getCount() == 0);
                  }
                  return chain.proceed(chain.request());
                })
            .build());
    try (ApiServer slow = new ApiServer(client)) {
      ManagedWatch watch = watch(slow);
      CountDownLatch learned = new CountDownLatch(1);
      later(
          0,
          () -> {
            watch.learn();
            learned.countDown();
          });
      asked.await();
      watch.reread("web");
      await(() -> !mark(watch).isEmpty());
      assertThat(learned.getCount()).isOne();
      go.countDown();
      learned.await();
      assertThat(watch.marks()).hasSize(1);
    }
  }

  @Test
  void a_command_after_the_end_says_so_and_an_interruption_is_kept() throws Exception {
    Thread.currentThread().interrupt();
    applied();
    assertThat(Thread.interrupted()).isTrue();
    web.close();
    assertThat(web.run(web.deleting(4, false)).reason()).contains("closing");
  }
}
