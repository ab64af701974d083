package cx.niro.core.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A single-use token in exchange for a key.
 *
 * @param requestId at least 22 random base62 characters (128 bits), the same in every repeat of
 *     this exchange
 * @param kubeSystemUid absent where there is no Kubernetes
 */
public record EnrollRequest(
    String token,
    String requestId,
    @Nullable String kubeSystemUid,
    @Nullable String kubernetesVersion,
    @Nullable String distribution,
    @Nullable String agentVersion,
    List<Integer> protocolVersions,
    List<String> features) {

  public EnrollRequest {
    protocolVersions = Absent.list(protocolVersions);
    features = Absent.list(features);
  }

  /** Names no secret. */
  @Override
  public String toString() {
    return "EnrollRequest(agent " + agentVersion + ", Kubernetes " + kubernetesVersion + ")";
  }
}
