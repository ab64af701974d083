package cx.niro.agent.kubernetes;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import cx.niro.agent.kubernetes.Ceding.Ceded;
import cx.niro.agent.kubernetes.Comparison.Difference;
import cx.niro.agent.kubernetes.Item.Check;
import cx.niro.core.managed.ApplyOptions;
import cx.niro.core.managed.CededField;
import cx.niro.core.managed.DiffReport;
import cx.niro.core.managed.DiffRequest;
import cx.niro.core.managed.DriftState;
import cx.niro.core.managed.FieldChange;
import cx.niro.core.managed.ManagedLimits;
import cx.niro.core.managed.ObjectDrift;
import cx.niro.core.managed.ObjectDrift.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares the cluster with a revision, and changes nothing. */
final class DiffRun {
  private final ManagedParts parts;
  private final DiffRequest request;
  private final List<CededField> ceded = new ArrayList<>();

  DiffRun(ManagedParts parts, DiffRequest request) {
    this.parts = parts;
    this.request = request;
  }

  /**
   * @throws IOException when it was ended before all were compared
   */
  DiffReport run() throws IOException {
    Applier unused = new Applier(parts.calls(), ApplyOptions.CAREFUL);
    List<ObjectDrift> objects = new ArrayList<>();
    for (Item item : new Preflight(parts, unused).locate(request.objects())) {
      String ending = parts.course().ending();
      if (ending != null) {
        throw new IOException("not all objects were compared, because " + ending);
      }
      objects.add(compareOrSay(item));
    }
    return new DiffReport(
        request.revision(),
        state(objects),
        objects,
        ceded.stream().limit(ManagedLimits.LISTED).toList());
  }

  private static DriftState state(List<ObjectDrift> objects) {
    boolean differs =
        objects.stream().anyMatch(o -> o.state() == State.MODIFIED || o.state() == State.MISSING);
    boolean unknown = objects.stream().anyMatch(o -> o.state() == State.UNVERIFIED);
    return differs ? DriftState.DRIFTED : unknown ? DriftState.UNKNOWN : DriftState.IN_SYNC;
  }

  private ObjectDrift compareOrSay(Item item) throws IOException {
    if (item.check() == Check.INVALID) {
      return drift(item, State.UNVERIFIED, item.result().message(), List.of());
    }
    if (item.check() == Check.UNVERIFIED) {
      return drift(item, State.MISSING, "its kind is not served", List.of());
    }
    try {
      return compare(item);
    } catch (ApiFailure e) {
      ApiResource resource = item.manifest().resource();
      String why = resource == null ? null : new Refused(e).message(item.ref(), resource);
      return drift(item, State.UNVERIFIED, why, List.of());
    }
  }

  private ObjectDrift compare(Item item) throws IOException {
    Json live = parts.calls().read(item.manifest().path());
    if (live == null) {
      return drift(item, State.MISSING, null, List.of());
    }
    Ceded rest = Ceding.of(item.ref(), item.manifest().object(), live.tree(), request.cedeTo());
    ceded.addAll(rest.fields());
    JsonObject wanted = parts.calls().dryRun(item.manifest().path(), rest.manifest(), true);
    FieldOwners owners = FieldOwners.of(live.tree());
    String salt = String.valueOf(live.child("metadata").text("uid"));
    List<FieldChange> changes =
        Comparison.of(live.tree(), wanted).stream()
            .limit(ManagedLimits.FIELDS)
            .map(difference -> change(difference, owners, item.manifest().isSecret() ? salt : null))
            .toList();
    return drift(item, changes.isEmpty() ? State.IN_SYNC : State.MODIFIED, null, changes);
  }

  private static FieldChange change(
      Difference difference, FieldOwners owners, @Nullable String salt) {
    return new FieldChange(
        Json.clip(difference.path().toString(), 512),
        shown(difference.after(), salt),
        shown(difference.before(), salt),
        owners.otherOwnerOf(difference.path()));
  }

  /** Values of Secrets are told apart by hashes, and not told. */
  private static @Nullable String shown(@Nullable JsonElement value, @Nullable String salt) {
    if (value == null || value.isJsonNull()) {
      return null;
    }
    String text = value.toString();
    return salt == null
        ? Json.clip(text, ManagedLimits.VALUE_CHARS)
        : "sha256:" + Hashes.of(salt + text);
  }

  private static ObjectDrift drift(
      Item item, State state, @Nullable String message, List<FieldChange> changes) {
    return new ObjectDrift(item.ref(), state, Reports.clip(message), changes);
  }
}
