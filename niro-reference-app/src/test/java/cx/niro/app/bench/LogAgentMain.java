package cx.niro.app.bench;

import cx.niro.agent.AgentListener;
import cx.niro.agent.kubernetes.KubernetesAgent;
import cx.niro.app.Logs;
import java.util.concurrent.CountDownLatch;

/** {@code niro agent} that prints how long each of its beats took, in microseconds. */
final class LogAgentMain implements AgentListener {
  private LogAgentMain() {}

  public static void main(String[] arguments) throws Exception {
    Logs.withoutAgents();
    KubernetesAgent.fromEnvironment(System.getenv())
        .proxy(null)
        .http2PriorKnowledge(true)
        .listener(new LogAgentMain())
        .start();
    new CountDownLatch(1).await();
  }

  @Override
  public void beatAccepted(BeatReport report) {
    System.out.println("beat " + report.roundTrip().toNanos() / 1000);
  }
}
