package cx.niro.app.agent;

import cx.niro.agent.AgentOptions;
import cx.niro.agent.NiroAgent;
import cx.niro.agent.kubernetes.KubernetesAgent;
import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.SystemTime;
import cx.niro.app.Version;
import cx.niro.core.NiroException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;

/** Runs the agent of a Kubernetes cluster until it is told to end. */
@Command(
    name = "agent",
    description = "Runs the agent of a Kubernetes cluster; told by the environment alone.",
    footer = {
      "",
      "NIRO_SERVER          the server's URL",
      "NIRO_TOKEN           the enrollment token; else the one in the Secret niro-agent",
      "NIRO_ENABLE_PODS     1 (default) or 0; likewise _LOGS, _APPLY, _SELF_UPDATE (default 0)",
      "NIRO_ALLOW_HTTP      1 permits a server without TLS on another machine",
      "NIRO_CA_FILE         PEM file of more authorities to trust",
      "NIRO_READY_FILE      a file that is written after the first accepted heartbeat",
      "KUBECONFIG           the way to the cluster outside a pod",
      "HTTPS_PROXY NO_PROXY the way to the server"
    })
public final class AgentCommand implements Callable<Integer> {
  @Override
  public Integer call() throws InterruptedException {
    NiroAgent agent = NiroAgent.of(options(System.getenv()));
    CountDownLatch ended = new CountDownLatch(1);
    SystemTime.onShutdown(
        "shutdown",
        () -> {
          agent.close("the agent's process was told to end");
          ended.countDown();
        });
    agent.start();
    ended.await();
    return ExitCode.OK;
  }

  /** What the environment says, as options; what is wrong with it, as the end of the command. */
  static AgentOptions options(Map<String, String> environment) {
    try {
      return KubernetesAgent.fromEnvironment(environment).agentVersion(Version.current()).build();
    } catch (IllegalArgumentException | NiroException e) {
      throw new CommandException(
          ExitCode.USAGE, e.getMessage() + "; niro doctor agent looks closer", e);
    } catch (NoSuchFileException e) {
      throw new CommandException(
          ExitCode.USAGE, e.getFile() + " does not exist; niro doctor agent looks closer", e);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.UNREACHABLE, e.getMessage() + "; niro doctor agent looks closer", e);
    }
  }
}
