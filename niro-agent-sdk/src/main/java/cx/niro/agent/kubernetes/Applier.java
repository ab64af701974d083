package cx.niro.agent.kubernetes;

import com.google.gson.JsonObject;
import cx.niro.agent.kubernetes.ApiFailure.Cause;
import cx.niro.agent.kubernetes.Ceding.Ceded;
import cx.niro.core.managed.ApplyOptions;
import cx.niro.core.managed.FieldConflict;
import cx.niro.core.managed.ManagedLimits;
import cx.niro.core.managed.ObjectRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Applies one object, and takes fields over only from those whom the options name. */
final class Applier {
  /** Fields are somebody else's, and are not to be taken. */
  static final class Contested extends IOException {
    private static final long serialVersionUID = 1L;

    Contested(String message) {
      super(message);
    }
  }

  private static final Set<String> KUBECTL =
      Set.of("kubectl", "kubectl-edit", "kubectl-client-side-apply");
  private static final Pattern CONFLICT =
      Pattern.compile("conflict with \"([^\"]*)\".*", Pattern.DOTALL);

  private final ObjectCalls calls;
  private final ApplyOptions options;

  Applier(ObjectCalls calls, ApplyOptions options) {
    this.calls = calls;
    this.options = options;
  }

  /** The object as it would be. */
  JsonObject rehearse(Item item) throws IOException {
    return send(item, calls::dryRun);
  }

  /** The object as it is now. */
  JsonObject apply(Item item) throws IOException {
    return send(item, calls::apply);
  }

  private interface Sending {
    JsonObject send(String path, JsonObject object, boolean force) throws IOException;
  }

  private JsonObject send(Item item, Sending sending) throws IOException {
    Manifest manifest = item.manifest();
    Ceded ceded = Ceding.of(item.ref(), manifest.object(), item.live(), options.cedeTo());
    item.left(ceded.fields());
    item.contested(List.of());
    try {
      return sending.send(manifest.path(), ceded.manifest(), false);
    } catch (ApiFailure e) {
      if (!new Refused(e).isFieldConflict()) {
        throw e;
      }
      Map<String, List<String>> byManager = byManager(e.causes());
      boolean take =
          options.forceConflicts() || (options.adopt() && KUBECTL.containsAll(byManager.keySet()));
      item.contested(conflicts(item.ref(), byManager, take));
      if (!take) {
        throw new Contested(explained(byManager));
      }
      return sending.send(manifest.path(), ceded.manifest(), true);
    }
  }

  private static Map<String, List<String>> byManager(List<Cause> causes) {
    Map<String, List<String>> byManager = new LinkedHashMap<>();
    for (Cause cause : causes) {
      Matcher named = CONFLICT.matcher(cause.message());
      String manager = named.matches() ? named.group(1) : "an unknown manager";
      byManager.computeIfAbsent(manager, any -> new ArrayList<>()).add(cause.field());
    }
    return byManager;
  }

  private static List<FieldConflict> conflicts(
      ObjectRef object, Map<String, List<String>> byManager, boolean taken) {
    return byManager.entrySet().stream()
        .map(
            entry -> {
              List<String> fields = entry.getValue();
              int shown = Math.min(fields.size(), ManagedLimits.FIELDS);
              return new FieldConflict(object, entry.getKey(), fields.subList(0, shown), taken);
            })
        .toList();
  }

  private static String explained(Map<String, List<String>> byManager) {
    String owned =
        byManager.entrySet().stream()
            .map(entry -> entry.getKey() + ": " + String.join(", ", entry.getValue()))
            .collect(Collectors.joining("; "));
    String option = KUBECTL.containsAll(byManager.keySet()) ? "adopt" : "forceConflicts";
    return "fields are owned by " + owned + "; " + option + " takes them over";
  }
}
