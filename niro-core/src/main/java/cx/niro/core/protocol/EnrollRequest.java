package cx.niro.core.protocol;

import cx.niro.core.snapshot.Text;
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
    @Token(min = 22, max = 128) String requestId,
    @Nullable @Text(max = 128) String kubeSystemUid,
    @Nullable @Text(max = 64) String kubernetesVersion,
    @Nullable @Text(max = 64) String distribution,
    @Nullable @Text(max = 64) String agentVersion,
    @Range(max = 16) List<Integer> protocolVersions,
    @Range(max = 64) List<String> features) {

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
