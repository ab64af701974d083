package cx.niro.agent.kubernetes;

import com.google.gson.JsonObject;
import cx.niro.agent.kubernetes.Ledger.Entry;
import cx.niro.core.managed.CededField;
import cx.niro.core.managed.FieldConflict;
import cx.niro.core.managed.ObjectAction;
import cx.niro.core.managed.ObjectRef;
import cx.niro.core.managed.ObjectResult;
import cx.niro.core.managed.ObjectSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One object on its way through an apply. Confined to the thread of that apply. */
final class Item {
  /** What is known before anything is changed. */
  enum Check {
    /** Would be accepted. */
    READY,
    /** Needs what this apply makes first. */
    UNVERIFIED,
    /** Will fail, alone. */
    HOPELESS,
    /** Wrong in itself: nothing is applied. */
    INVALID
  }

  private final @Nullable ObjectSource source;
  private ObjectRef ref;
  private @Nullable Manifest manifest;
  private @Nullable JsonObject live;
  private Check check = Check.UNVERIFIED;
  private @Nullable ObjectAction action;
  private @Nullable String message;
  private @Nullable String uid;
  private boolean unsure;
  private List<CededField> ceded = List.of();
  private List<FieldConflict> conflicts = List.of();

  Item(ObjectRef ref, @Nullable ObjectSource source, @Nullable Manifest manifest) {
    this.ref = ref;
    this.source = source;
    this.manifest = manifest;
  }

  ObjectRef ref() {
    return ref;
  }

  /** Throws for an object that could not be read. */
  Manifest manifest() {
    if (manifest == null) {
      throw new IllegalStateException(ref + " was not read");
    }
    return manifest;
  }

  Stage stage() {
    return Stage.of(ref.apiVersion(), ref.kind());
  }

  void located(Manifest served) {
    manifest = served;
    ref = served.ref();
  }

  /** As it was before the apply; null when it was not there. */
  @Nullable JsonObject live() {
    return live;
  }

  void found(@Nullable JsonObject object) {
    live = object;
  }

  Check check() {
    return check;
  }

  void checked(Check result, @Nullable String why) {
    check = result;
    message = why;
  }

  void left(List<CededField> fields) {
    ceded = fields;
  }

  void contested(List<FieldConflict> fields) {
    conflicts = fields;
  }

  List<CededField> ceded() {
    return ceded;
  }

  List<FieldConflict> conflicts() {
    return conflicts;
  }

  void applied(ObjectAction as, JsonObject object) {
    action = as;
    message = null;
    uid = Json.of(object.get("metadata")).text("uid");
  }

  void ended(ObjectAction as, @Nullable String why) {
    action = as;
    message = why;
  }

  /** It failed, and may have been applied all the same. */
  void unsure(String why) {
    ended(ObjectAction.FAILED, why);
    unsure = true;
  }

  void remark(String text) {
    message = text;
  }

  @Nullable ObjectAction action() {
    return action;
  }

  /** Whether the cluster now holds it as wanted. */
  boolean isApplied() {
    return action == ObjectAction.CREATED
        || action == ObjectAction.CONFIGURED
        || action == ObjectAction.UNCHANGED;
  }

  ObjectResult result() {
    ObjectAction shown = action == null ? ObjectAction.UNVERIFIED : action;
    return new ObjectResult(ref, shown, Reports.clip(message), source);
  }

  /** What is to be remembered of it; null when nothing is. */
  @Nullable Entry entry(@Nullable Entry before) {
    if (uid != null) {
      return new Entry(ref, uid);
    }
    return before == null && unsure ? new Entry(ref, null) : before;
  }
}
