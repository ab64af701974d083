package cx.niro.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.app.server.RunningServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentImageScenarioTest {
  @Test
  void the_image_is_served_from_the_data_folder_as_soon_as_it_is_there(@TempDir Path folder)
      throws Exception {
    HttpClient http = HttpClient.newHttpClient();
    try (RunningServer server = Servers.on(folder, 0)) {
      HttpRequest get =
          HttpRequest.newBuilder(server.address().resolve("/install/agent-image.tar")).build();
      assertThat(http.send(get, BodyHandlers.ofString()).statusCode()).isEqualTo(404);

      Files.writeString(folder.resolve("agent-image.tar"), "layers");
      HttpResponse<String> answer = http.send(get, BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("layers");
      assertThat(answer.headers().firstValue("content-type")).contains("application/x-tar");
    }
  }
}
