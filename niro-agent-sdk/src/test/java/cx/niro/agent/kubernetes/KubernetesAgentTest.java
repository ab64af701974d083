package cx.niro.agent.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.agent.AgentOptions;
import cx.niro.agent.testkit.FakeKubernetes;
import cx.niro.core.Credential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubernetesAgentTest {
  private final FakeKubernetes server = FakeKubernetes.start();
  private final Map<String, String> environment = new HashMap<>();
  private final String token =
      Credential.mint(Credential.Kind.ENROLLMENT_TOKEN, new Random(7)).secretText();

  @TempDir Path folder;

  @BeforeEach
  void configure() throws IOException {
    environment.put("NIRO_SERVER", "https://fleet.example.com");
    environment.put(
        "KUBECONFIG", Files.writeString(folder.resolve("config"), server.kubeconfig()).toString());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void the_token_of_the_secret_is_used_unless_one_is_given() throws Exception {
    server.put(
        "{'kind':'Secret','metadata':{'name':'niro-agent','namespace':'niro-system'},'data':{'token':'%s'}}"
            .formatted(
                java.util.Base64.getEncoder()
                    .encodeToString(token.getBytes(java.nio.charset.StandardCharsets.UTF_8))));
    AgentOptions options = KubernetesAgent.fromEnvironment(environment).build();
    assertThat(options.token().orElseThrow().secretText()).isEqualTo(token);
  }

  @Test
  void what_is_missing_or_wrong_is_named() {
    environment.put("NIRO_ENABLE_PODS", "maybe");
    assertThatThrownBy(() -> KubernetesAgent.fromEnvironment(environment))
        .hasMessage("NIRO_ENABLE_PODS must be 0 or 1, but was maybe");
    environment.remove("NIRO_SERVER");
    assertThatThrownBy(() -> KubernetesAgent.fromEnvironment(environment))
        .hasMessage("NIRO_SERVER must be the URL of the Niro server");
    environment.put("NIRO_SERVER", "https://fleet.example.com");
    environment.remove("NIRO_ENABLE_PODS");
    environment.remove("KUBECONFIG");
    assertThatThrownBy(() -> KubernetesAgent.fromEnvironment(environment))
        .hasMessageContaining("run this in a pod, or name a kubeconfig file");
  }

  @Test
  void plain_http_needs_to_be_allowed() throws Exception {
    environment.put("NIRO_SERVER", "http://fleet.example.com");
    assertThatThrownBy(() -> KubernetesAgent.fromEnvironment(environment).build())
        .isInstanceOf(IllegalArgumentException.class);
    environment.put("NIRO_ALLOW_HTTP", "1");
    assertThat(KubernetesAgent.fromEnvironment(environment).build().allowHttp()).isTrue();
  }

  @Test
  void a_ready_file_of_an_earlier_run_is_removed() throws Exception {
    Path ready = Files.writeString(folder.resolve("ready"), "");
    environment.put("NIRO_READY_FILE", ready.toString());
    KubernetesAgent.fromEnvironment(environment);
    assertThat(ready).doesNotExist();
  }
}
