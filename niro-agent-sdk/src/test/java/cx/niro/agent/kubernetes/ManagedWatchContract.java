package cx.niro.agent.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.snapshot.ManagedMark;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the agent says that a deployment may have been changed, on any API server. */
abstract class ManagedWatchContract {
  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(8);
  private final AtomicInteger told = new AtomicInteger();
  TestCluster cluster;
  Deploying web;
  private ApiServer server;

  abstract TestCluster open() throws Exception;

  @BeforeEach
  void start() throws Exception {
    cluster = open();
    cluster.create("/api/v1/namespaces", "{'metadata':{'name':'%s'}}".formatted(home()));
    web = new Deploying(cluster.client(), home(), "web", cluster.namespace());
    server = new ApiServer(cluster.client());
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    server.close();
    web.close();
    cluster.close();
  }

  String home() {
    return cluster.namespace() + "-home";
  }

  ManagedWatch watch() {
    return watch(server);
  }

  ManagedWatch watch(ApiServer through) {
    return new ManagedWatch(through, home(), this::later, told::incrementAndGet);
  }

  void later(long millis, Runnable work) {
    try {
      var unused = threads.schedule(work, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // The test is over.
    }
  }

  static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  static String mark(ManagedWatch watch) {
    List<ManagedMark> marks = watch.marks();
    return marks.isEmpty() ? "" : marks.get(0).mark();
  }

  void applied() throws Exception {
    web.apply(
        3,
        ManagedContract.config("a", "blue"),
        ManagedContract.deployment("web", "1"),
        "{'apiVersion':'v1','kind':'Secret','metadata':{'name':'s'},'data':{'k':'djE='}}");
  }

  @Test
  void an_edit_and_a_deletion_change_the_mark() throws Exception {
    applied();
    ManagedWatch watch = watch();
    watch.reread("web");
    await(() -> !mark(watch).isEmpty());
    assertThat(watch.marks()).extracting(ManagedMark::name, ManagedMark::revision).hasSize(1);
    String first = mark(watch);
    String map = cluster.in("/api/v1", "configmaps") + "/a";
    cluster.patch(map, "{'data':{'colour':'red'}}");
    await(() -> !mark(watch).equals(first));
    assertThat(told.get()).isPositive();
    String edited = mark(watch);
    cluster.delete(map);
    await(() -> !mark(watch).equals(edited));
  }

  @Test
  void an_agent_that_restarts_knows_its_deployments_and_gives_the_same_mark() throws Exception {
    applied();
    ManagedWatch before = watch();
    before.learn();
    await(() -> !mark(before).isEmpty());
    String path = cluster.in("/apis/apps/v1", "deployments") + "/web";
    await(() -> isSettled(path));
    ManagedWatch after = watch();
    after.learn();
    await(() -> mark(after).equals(mark(before)));
    assertThat(after.marks().get(0).revision()).isEqualTo(3);
  }

  /** A controller may still be writing its annotation. */
  private boolean isSettled(String path) {
    try {
      Json live = Json.of(cluster.admin().send(ApiRequest.get(path)));
      return !cluster.isReal() || live.child("status").has("observedGeneration");
    } catch (java.io.IOException e) {
      return false;
    }
  }

  @Test
  void a_deployment_that_was_deleted_is_no_longer_named() throws Exception {
    applied();
    ManagedWatch watch = watch();
    watch.learn();
    await(() -> !mark(watch).isEmpty());
    web.delete(4, false);
    watch.reread("web");
    assertThat(watch.marks()).isEmpty();
  }
}
