package cx.niro.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The cluster that NIRO_TEST_KUBECONFIG names, as its administrator has it. The agent's pods, which
 * no kubelet runs, are called ready as soon as they are there.
 */
final class RealCluster implements AutoCloseable {
  /** Names a kubeconfig with an administrator's token. */
  static final String VARIABLE = "NIRO_TEST_KUBECONFIG";

  private static final String AGENT_PODS = "/api/v1/namespaces/niro-system/pods";

  private final Path folder;
  private final URI server;
  private final String kubeconfig;
  private final ApiCalls admin;
  private final ScheduledExecutorService kubelet = Executors.newSingleThreadScheduledExecutor();

  /**
   * @param folder for files
   * @param server that has the installer
   */
  RealCluster(Path folder, URI server) throws IOException {
    this.folder = folder;
    this.server = server;
    this.kubeconfig = Files.readString(Path.of(System.getenv(VARIABLE)));
    this.admin = new ApiCalls(kubeconfig);
    var unused = kubelet.scheduleWithFixedDelay(this::callPodsReady, 0, 200, TimeUnit.MILLISECONDS);
  }

  ApiCalls admin() {
    return admin;
  }

  /** Runs the installer; says what it said. */
  String install(Map<String, String> more) throws Exception {
    HttpResponse<Path> script =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(server.resolve("/install.sh")).build(),
                HttpResponse.BodyHandlers.ofFile(folder.resolve("install.sh")));
    assertThat(script.statusCode()).isEqualTo(200);
    Map<String, String> environment = new HashMap<>(more);
    environment.put("NIRO_SERVER", server.toString().replaceAll("/$", ""));
    environment.put("NIRO_ALLOW_LOOPBACK", "1");
    environment.put("NIRO_WAIT_SECONDS", "60");
    environment.put("NIRO_K3S_FILE", "/nowhere");
    String said = run(List.of("sh", folder.resolve("install.sh").toString()), environment);
    assertThat(said).contains("The agent reports.");
    return said;
  }

  /** A kubeconfig with a new token of the account that the installer made. */
  String agentKubeconfig() throws Exception {
    String token = kubectl("-n", "niro-system", "create", "token", "niro-agent").strip();
    String own = kubeconfig.replaceAll("\\btoken: .*", "token: \"" + token + "\"");
    assertThat(own).as("a kubeconfig with a token").contains(token);
    return own;
  }

  ApiCalls agent() throws Exception {
    return new ApiCalls(agentKubeconfig());
  }

  void deleteNamespaces(String... names) throws Exception {
    List<String> command = new ArrayList<>(List.of("delete", "namespace", "--ignore-not-found"));
    command.addAll(List.of(names));
    kubectl(command.toArray(String[]::new));
  }

  String kubectl(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("kubectl"));
    command.addAll(List.of(arguments));
    return run(command, Map.of());
  }

  private static String run(List<String> command, Map<String, String> environment)
      throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("KUBECONFIG", System.getenv(VARIABLE));
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  private void callPodsReady() {
    try {
      for (Object pod : (List<?>) admin.get(AGENT_PODS).get("items")) {
        if (!String.valueOf(pod).contains("type=Ready")) {
          String name = String.valueOf(ApiCalls.at((Map<?, ?>) pod, "metadata.name"));
          admin.patch(
              AGENT_PODS + "/" + name + "/status",
              "{'status':{'phase':'Running','conditions':[{'type':'Ready','status':'True','lastTransitionTime':'2026-01-05T08:00:00Z'}]}}");
        }
      }
    } catch (IOException | RuntimeException e) {
      // The namespace or the pod is not there, or no more.
    }
  }

  @Override
  public void close() {
    kubelet.shutdownNow();
  }
}
