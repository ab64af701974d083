package cx.niro.agent.kubernetes;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Why the agent's pods with an image do not start, as far as the agent may see them. */
record PodTrouble(ApiServer server, String namespace) {
  private static final String LABEL = "app.kubernetes.io/name=" + AgentDeployment.NAME;
  private static final int MOST = 20;
  private static final int IMAGE_CHARS = 1024;

  /** A half sentence to append; empty where nothing is known. */
  String of(String image) {
    ApiRequest request =
        ApiRequest.get("/api/v1/namespaces/" + namespace + "/pods")
            .with("labelSelector", LABEL)
            .with("limit", String.valueOf(MOST));
    try {
      List<String> said = Json.of(server.send(request)).list("items", pod -> waiting(pod, image));
      return said.isEmpty() ? "" : "; " + said.get(0);
    } catch (IOException e) {
      return "";
    }
  }

  private static @Nullable String waiting(Json pod, String image) {
    boolean meant =
        pod.child("spec").list("containers", one -> one.text("image", IMAGE_CHARS)).stream()
            .anyMatch(image::equals);
    if (!meant) {
      return null;
    }
    return pod.child("status").list("containerStatuses", PodTrouble::reason).stream()
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private static @Nullable String reason(Json container) {
    Json state = container.child("state").child("waiting");
    String reason = state.text("reason");
    String message = state.text("message", Json.MESSAGE);
    return reason == null ? null : reason + (message == null ? "" : ": " + message);
  }
}
