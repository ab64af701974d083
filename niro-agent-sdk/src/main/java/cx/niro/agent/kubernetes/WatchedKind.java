package cx.niro.agent.kubernetes;

import cx.niro.core.snapshot.Resource;
import cx.niro.core.snapshot.Section;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A kind to list and watch, and what becomes of its objects.
 *
 * @param path of the collection
 * @param fieldSelector empty for all
 * @param mapper makes null of what is to be left out
 */
record WatchedKind<T extends Resource>(
    Section section, String path, String fieldSelector, Function<Json, @Nullable T> mapper) {

  /** As RBAC and people call it, for example {@code deployments}. */
  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
