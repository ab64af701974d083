package cx.niro.agent.scenario.day;

import cx.niro.agent.scenario.day.Behaviour.Kind;
import java.util.function.Consumer;

/** What happens on ordinary days, and is no reason to call anybody. Each takes under an hour. */
enum Life implements Happening {
  ROLLOUT_WITH_SLOW_READINESS(town -> town.cluster.workload("web").rollOut(slow(town, 40, 60))),
  ROLLOUT_OF_A_SINGLE_REPLICA(town -> town.cluster.workload("api").rollOut(slow(town, 5, 90))),
  ROLLOUT_OF_A_STATEFUL_SET(town -> town.cluster.workload("db").rollOut(slow(town, 20, 70))),
  ROLLOUT_OF_A_DAEMON_SET(
      town -> town.cluster.workload("node-exporter").rollOut(slow(town, 5, 40))),
  SCALED_UP_AND_DOWN(
      town -> {
        MiniWorkload web = town.cluster.workload("web");
        web.scale(6);
        town.agenda.in(600 + town.random.nextInt(600), () -> web.scale(town.isAlone() ? 1 : 3));
      }),
  SCALED_TO_ZERO_FOR_A_WHILE(
      town -> {
        MiniWorkload api = town.cluster.workload("api");
        api.scale(0);
        town.agenda.in(900 + town.random.nextInt(900), () -> api.scale(1));
      }),
  REBOOT(
      town -> {
        MiniNode node = town.worker();
        double down = 45 + town.random.nextInt(20);
        if (town.isAlone()) {
          town.silent(down + 22);
        }
        town.cluster.silence(node);
        town.agenda.in(
            down,
            () -> {
              town.cluster.bootsUp(node);
              if (town.isAlone()) {
                town.agenda.in(20, town::agentRestarts);
              }
            });
      }),
  DRAIN_WITH_REBOOT(
      town -> {
        MiniNode node = town.worker();
        if (town.isAlone()) {
          return;
        }
        town.cluster.drain(node);
        town.agenda.in(240, () -> town.cluster.silence(node));
        town.agenda.in(900, () -> town.cluster.bootsUp(node));
        town.agenda.in(1000, () -> town.cluster.cordon(node, false));
      }),
  KUBELET_RESTARTS(
      town -> {
        MiniNode node = town.worker();
        town.cluster.says(node, "False", "KubeletNotReady");
        town.agenda.in(10 + town.random.nextInt(30), () -> town.cluster.comesBack(node));
      }),
  CHART_THAT_IS_INSTALLED_AT_THE_THIRD_TRY(
      town -> job(town, "helm-install-extra", i -> Behaviour.of(Kind.RETRIES, 12))),
  JOB_THAT_SUCCEEDS_AT_THE_SECOND_TRY(
      town ->
          job(
              town,
              "migrate",
              i -> i == 0 ? Behaviour.of(Kind.FAILS, 20) : Behaviour.of(Kind.COMPLETES, 60))),
  LOAD_BALANCER_WAITS_FOR_ITS_PORT(
      town -> {
        MiniWorkload balancer = town.cluster.workload("svclb-traefik");
        balancer.noNode(
            "0/3 nodes are available: 1 node(s) didn't have free ports for the requested pod"
                + " ports. preemption: 0/3 nodes are available.");
        balancer.pods().forEach(MiniPod::delete);
        town.agenda.in(50 + town.random.nextInt(60), () -> balancer.noNode(null));
      }),
  AGENT_RESTARTS(Town::agentRestarts),
  API_SERVER_RESTARTS(
      town -> {
        town.cluster.api().answers(false);
        town.agenda.in(60, () -> town.cluster.api().answers(true));
      }),
  SHORT_SILENCE(town -> town.silent(70 + town.random.nextInt(15)));

  private final Consumer<Town> what;

  Life(Consumer<Town> what) {
    this.what = what;
  }

  @Override
  public void in(Town town) {
    what.accept(town);
  }

  private static Behaviour slow(Town town, int least, int more) {
    return Behaviour.well(least + town.random.nextInt(more));
  }

  private static void job(Town town, String name, java.util.function.IntFunction<Behaviour> pods) {
    MiniJob job = new MiniJob(town.cluster, "kube-system/" + name, null, 6, pods);
    town.agenda.in(1200, job::delete);
  }
}
