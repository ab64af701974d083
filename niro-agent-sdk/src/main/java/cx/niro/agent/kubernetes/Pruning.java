package cx.niro.agent.kubernetes;

import cx.niro.agent.kubernetes.Ledger.Entry;
import cx.niro.core.managed.ObjectAction;
import cx.niro.core.managed.ObjectRef;
import cx.niro.core.managed.ObjectResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deletes what a deployment put into the cluster and no longer wants, and nothing else. */
final class Pruning {
  /** The annotation that, when it is {@code disabled}, keeps an object. */
  private static final String PRUNE = "niro.cx/prune";

  private final ManagedParts parts;
  private final boolean removeData;
  private final List<ObjectResult> results = new ArrayList<>();
  private final List<Entry> remaining = new ArrayList<>();

  Pruning(ManagedParts parts, boolean removeData) {
    this.parts = parts;
    this.removeData = removeData;
  }

  List<ObjectResult> results() {
    return results;
  }

  /** What is still to be remembered. */
  List<Entry> remaining() {
    return remaining;
  }

  /** What needs others goes before what others need. */
  void run(List<Entry> entries) {
    entries.stream()
        .sorted(Comparator.comparing(Pruning::stage).reversed())
        .forEach(this::pruneOrLeave);
  }

  /** Nothing is deleted, and why. */
  void leave(List<Entry> entries, String why) {
    for (Entry entry : entries) {
      remaining.add(entry);
      if (entry.uid() != null) {
        note(entry, ObjectAction.SKIPPED, "not deleted, because " + why);
      }
    }
  }

  private static Stage stage(Entry entry) {
    return Stage.of(entry.ref().apiVersion(), entry.ref().kind());
  }

  private void pruneOrLeave(Entry entry) {
    String ending = parts.course().ending();
    if (ending != null) {
      leave(List.of(entry), ending);
      return;
    }
    ApiResource resource = null;
    try {
      resource = parts.discovery().findAnyVersion(entry.ref().apiVersion(), entry.ref().kind());
      prune(entry, resource);
    } catch (ApiFailure e) {
      failed(entry, resource, e);
    } catch (IOException e) {
      remaining.add(entry);
      note(entry, ObjectAction.FAILED, "whether it is gone is not known: " + e.getMessage());
    }
  }

  private void prune(Entry entry, @Nullable ApiResource resource) throws IOException {
    ObjectRef ref = entry.ref();
    String path = resource == null ? null : resource.path(ref.namespace(), ref.name());
    Json live = path == null ? null : parts.calls().read(path);
    if (live == null || path == null) {
      if (entry.uid() != null) {
        note(entry, ObjectAction.PRUNED, "it was gone already");
      }
      return;
    }
    String uid = String.valueOf(live.child("metadata").text("uid"));
    if (!isOurs(entry, live, uid)) {
      if (entry.uid() != null) {
        note(entry, ObjectAction.SKIPPED, "another object has its name now");
      }
      return;
    }
    String kept = keeps(entry, live);
    if (kept != null) {
      remaining.add(new Entry(ref, uid));
      note(entry, ObjectAction.KEPT, kept);
      return;
    }
    Json rest = new Json(parts.calls().delete(path, uid));
    List<String> finalizers = rest.child("metadata").texts("finalizers");
    note(
        entry,
        ObjectAction.PRUNED,
        finalizers.isEmpty() ? null : "it ends when these have: " + String.join(", ", finalizers));
  }

  private boolean isOurs(Entry entry, Json live, String uid) {
    String marked = live.child("metadata").child("annotations").text(Manifest.DEPLOYMENT);
    return entry.uid() == null ? parts.deployment().equals(marked) : entry.uid().equals(uid);
  }

  private @Nullable String keeps(Entry entry, Json live) {
    ObjectRef ref = entry.ref();
    String refusal = parts.ground().refusal(ref, live.tree());
    if (refusal != null) {
      return refusal;
    }
    if ("disabled".equals(live.child("metadata").child("annotations").text(PRUNE))) {
      return "its annotation " + PRUNE + " says so";
    }
    boolean data = !removeData && Stage.holdsData(ref.apiVersion(), ref.kind());
    return data ? "it holds data or other objects, and removeData was not asked for" : null;
  }

  private void failed(Entry entry, @Nullable ApiResource resource, ApiFailure e) {
    if (e.isAbsent()) {
      note(entry, ObjectAction.PRUNED, "it was gone already");
    } else if (e.isConflict()) {
      note(entry, ObjectAction.SKIPPED, "another object has its name now");
    } else {
      remaining.add(entry);
      String why =
          resource == null ? e.getMessage() : new Refused(e).message(entry.ref(), resource);
      note(entry, ObjectAction.FAILED, why);
    }
  }

  private void note(Entry entry, ObjectAction action, @Nullable String message) {
    results.add(new ObjectResult(entry.ref(), action, Reports.clip(message), null));
  }
}
