package cx.niro.agent.kubernetes;

import com.google.gson.JsonObject;
import cx.niro.agent.kubernetes.Item.Check;
import cx.niro.agent.kubernetes.Ledger.Entry;
import cx.niro.agent.kubernetes.Ledger.Page;
import cx.niro.core.managed.ApplyReport;
import cx.niro.core.managed.ApplyRequest;
import cx.niro.core.managed.ObjectAction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One apply, from the first look to the last deletion. Runs on one thread. */
final class ApplyRun {
  private final ManagedParts parts;
  private final ApplyRequest request;
  private final Ledger ledger;
  private final Applier applier;
  private final Preflight preflight;
  private final Pruning pruning;
  private List<Item> items = List.of();
  private @Nullable String overtaken;

  ApplyRun(ManagedParts parts, ApplyRequest request) {
    this.parts = parts;
    this.request = request;
    this.ledger = parts.ledger();
    this.applier = new Applier(parts.calls(), request.options());
    this.preflight = new Preflight(parts, applier);
    this.pruning = new Pruning(parts, request.options().removeData());
  }

  /**
   * @throws Ledger.Overtaken when a newer revision was here
   * @throws Ledger.Contested when another agent wrote to the list before anything was changed
   * @throws Unlisted when everything was done but the list could not be written
   * @throws IOException when it ended before anything was changed
   */
  ApplyReport run() throws IOException {
    Page before = ledger.read();
    if (before.revision() > request.revision()) {
      throw new Ledger.Overtaken(request.revision(), before.revision());
    }
    items = preflight.check(request.objects());
    boolean invalid = items.stream().anyMatch(item -> item.check() == Check.INVALID);
    if (invalid || parts.course().ending() != null) {
      items.forEach(this::leave);
      return report();
    }
    Map<String, Entry> known = new LinkedHashMap<>();
    before.entries().forEach(entry -> known.put(ManagedParts.key(entry.ref()), entry));
    Page during = during(known);
    if (!during.equals(before)) {
      ledger.write(during);
    }
    apply();
    prune(known);
    try {
      list(during, after(known));
    } catch (IOException e) {
      throw new Unlisted(report(), e);
    }
    return report();
  }

  /** What was done is known, and not listed. */
  static final class Unlisted extends IOException {
    private static final long serialVersionUID = 1L;
    private final transient ApplyReport report;

    Unlisted(ApplyReport report, IOException cause) {
      super(cause.getMessage(), cause);
      this.report = report;
    }

    ApplyReport report() {
      return report;
    }
  }

  private void list(Page during, Page after) throws IOException {
    if (overtaken != null) {
      ledger.add(made(), request.revision());
    } else if (!after.equals(during)) {
      try {
        ledger.writeOver(after, during);
      } catch (Ledger.Contested e) {
        ledger.add(made(), request.revision());
        throw e;
      }
    }
  }

  /** What this apply knows to be in the cluster. */
  private List<Entry> made() {
    return items.stream()
        .map(item -> item.entry(null))
        .flatMap(Stream::ofNullable)
        .filter(entry -> entry.uid() != null)
        .toList();
  }

  private @Nullable String ending() {
    return overtaken == null ? parts.course().ending() : overtaken;
  }

  private void leave(Item item) {
    String message = item.result().message();
    String ending = parts.course().ending();
    switch (item.check()) {
      case INVALID, HOPELESS -> item.ended(ObjectAction.FAILED, message);
      case UNVERIFIED -> item.ended(ObjectAction.UNVERIFIED, message);
      case READY ->
          item.ended(
              ObjectAction.SKIPPED,
              "nothing was applied, because "
                  + (ending == null ? "another object is not valid" : ending));
    }
  }

  /** Everything that is or may be ours while the apply goes on. */
  private Page during(Map<String, Entry> known) {
    Map<String, Entry> all = new LinkedHashMap<>(known);
    for (Item item : items) {
      all.putIfAbsent(ManagedParts.key(item.ref()), new Entry(item.ref(), null));
    }
    return new Page(request.revision(), List.copyOf(all.values()));
  }

  private Page after(Map<String, Entry> known) {
    List<Entry> entries = new ArrayList<>();
    for (Item item : items) {
      Entry entry = item.entry(known.get(ManagedParts.key(item.ref())));
      if (entry != null) {
        entries.add(entry);
      }
    }
    entries.addAll(pruning.remaining());
    return new Page(request.revision(), entries);
  }

  private void apply() throws IOException {
    StageWait wait = new StageWait(parts);
    for (Stage stage : Stage.values()) {
      List<Item> now = items.stream().filter(item -> item.stage() == stage).toList();
      lookForOthers(now.isEmpty());
      now.forEach(this::applyOrLeave);
      wait.after(stage, items);
    }
  }

  /** Another agent may have gone on to a newer revision: its objects are not to be undone. */
  private void lookForOthers(boolean nothingToDo) {
    if (!nothingToDo && ending() == null) {
      overtaken = ledger.overtaken(request.revision());
    }
  }

  private void applyOrLeave(Item item) {
    String ending = ending();
    if (ending != null) {
      item.ended(ObjectAction.SKIPPED, "not reached, because " + ending);
      return;
    }
    try {
      ready(item);
      if (item.check() == Check.HOPELESS) {
        item.ended(ObjectAction.FAILED, item.result().message());
      } else {
        apply(item);
      }
    } catch (Applier.Contested e) {
      item.ended(ObjectAction.FAILED, e.getMessage());
    } catch (ApiFailure e) {
      ApiResource resource = Objects.requireNonNull(item.manifest().resource());
      item.ended(ObjectAction.FAILED, new Refused(e).message(item.ref(), resource));
    } catch (IOException e) {
      item.unsure("whether it was applied is not known: " + e.getMessage());
    }
  }

  /** What could not be looked at before is looked at now. */
  private void ready(Item item) throws IOException {
    if (item.check() != Check.UNVERIFIED) {
      return;
    }
    ApiResource served = parts.discovery().find(item.ref().apiVersion(), item.ref().kind());
    if (served == null) {
      item.checked(
          Check.HOPELESS,
          "its kind is not served: the CustomResourceDefinition of this deployment is not in the cluster, or not ready");
      return;
    }
    item.located(item.manifest().served(served));
    preflight.look(item);
  }

  private void apply(Item item) throws IOException {
    JsonObject before = item.live();
    JsonObject after = applier.apply(item);
    if (before == null) {
      item.applied(ObjectAction.CREATED, after);
    } else {
      boolean same = isSame(before, after);
      item.applied(same ? ObjectAction.UNCHANGED : ObjectAction.CONFIGURED, after);
    }
  }

  /** What controllers have written since {@code before} was read is none of our doing. */
  private static boolean isSame(JsonObject before, JsonObject after) {
    FieldOwners once = FieldOwners.of(before);
    FieldOwners now = FieldOwners.of(after);
    return Comparison.of(before, after).stream()
        .map(Comparison.Difference::path)
        .noneMatch(path -> once.isOurs(path) || now.isOurs(path));
  }

  private void prune(Map<String, Entry> known) {
    Map<String, Entry> unwanted = new LinkedHashMap<>(known);
    items.forEach(item -> unwanted.remove(ManagedParts.key(item.ref())));
    List<Entry> entries = List.copyOf(unwanted.values());
    boolean failed = items.stream().anyMatch(item -> item.action() == ObjectAction.FAILED);
    lookForOthers(entries.isEmpty());
    if (failed) {
      pruning.leave(entries, "other objects failed");
    } else if (overtaken != null) {
      pruning.leave(entries, overtaken);
    } else {
      pruning.run(entries);
    }
  }

  private ApplyReport report() {
    return Reports.of(request.revision(), items, pruning.results());
  }
}
