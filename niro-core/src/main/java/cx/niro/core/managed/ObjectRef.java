package cx.niro.core.managed;

import cx.niro.core.snapshot.Text;
import org.jspecify.annotations.Nullable;

/**
 * Which object is meant.
 *
 * @param namespace null for objects of the whole cluster
 */
public record ObjectRef(
    @Text(max = 253) String apiVersion,
    @Text(max = 253) String kind,
    @Nullable @Text(max = 253) String namespace,
    @Text(max = 253) String name) {

  /** For people, for example {@code Deployment shop/web}. */
  @Override
  public String toString() {
    return kind + " " + (namespace == null ? "" : namespace + "/") + name;
  }
}
