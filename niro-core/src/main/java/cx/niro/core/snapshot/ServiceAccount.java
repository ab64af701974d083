package cx.niro.core.snapshot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service account: whether it mounts its token, and which pull secrets it adds to pods, by name.
 */
public record ServiceAccount(
    ObjectMeta meta, @Nullable Boolean automountToken, List<String> imagePullSecrets)
    implements Resource {

  public ServiceAccount {
    imagePullSecrets = Copy.list(imagePullSecrets);
  }

  @Override
  public ServiceAccount with(ObjectMeta next) {
    return new ServiceAccount(next, automountToken, imagePullSecrets);
  }

  @Override
  public Section section() {
    return Section.SERVICE_ACCOUNTS;
  }
}
