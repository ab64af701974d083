package cx.niro.agent.testkit;

import cx.niro.agent.spi.CommandContext;
import cx.niro.agent.spi.CommandHandler;
import cx.niro.agent.spi.CommandOutcome;
import cx.niro.core.managed.ApplyReport;
import cx.niro.core.managed.ApplyRequest;
import cx.niro.core.managed.ApplyStatus;
import cx.niro.core.managed.DeleteRequest;
import cx.niro.core.managed.DiffReport;
import cx.niro.core.managed.DiffRequest;
import cx.niro.core.managed.DriftState;
import cx.niro.core.managed.ManifestObject;
import cx.niro.core.managed.ObjectAction;
import cx.niro.core.managed.ObjectDrift;
import cx.niro.core.managed.ObjectRef;
import cx.niro.core.managed.ObjectResult;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.protocol.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * A cluster that remembers what was applied to it and does nothing else with it. An object with the
 * annotation {@code niro.cx/virtual: fails} cannot be applied.
 */
final class VirtualApply {
  private static final NiroCodec CODEC = NiroCodec.forRest();
  private static final NiroCodec WIRE = NiroCodec.create();

  private final Map<String, Map<ObjectRef, String>> applied = new HashMap<>();

  List<CommandHandler> handlers() {
    return List.of(
        handler("apply", context -> apply(read(context, ApplyRequest.class))),
        handler("delete", context -> delete(read(context, DeleteRequest.class))),
        handler("diff", context -> diff(read(context, DiffRequest.class))));
  }

  private static CommandHandler handler(
      String kind, Function<CommandContext, CommandOutcome> work) {
    return new CommandHandler() {
      @Override
      public String kind() {
        return kind;
      }

      @Override
      public boolean idempotent() {
        return true;
      }

      @Override
      public CommandOutcome handle(CommandContext context) {
        return work.apply(context);
      }
    };
  }

  private static <T> T read(CommandContext context, Class<T> type) {
    return WIRE.decode(type, context.payload().text().getBytes(StandardCharsets.UTF_8));
  }

  private synchronized CommandOutcome apply(ApplyRequest request) {
    Map<ObjectRef, String> before = applied.getOrDefault(request.name(), Map.of());
    Map<ObjectRef, String> after = new LinkedHashMap<>();
    List<ObjectResult> results = new ArrayList<>();
    for (ManifestObject one : request.objects()) {
      ObjectRef ref = ref(one, request.namespace());
      String text = one.object().text();
      boolean fails = text.contains("\"niro.cx/virtual\":\"fails\"");
      if (!fails) {
        after.put(ref, text);
      }
      results.add(
          new ObjectResult(
              ref,
              fails ? ObjectAction.FAILED : action(before.get(ref), text),
              fails ? "this object was asked to fail" : null,
              one.source()));
    }
    before.keySet().stream()
        .filter(ref -> !after.containsKey(ref))
        .forEach(ref -> results.add(new ObjectResult(ref, ObjectAction.PRUNED, null, null)));
    applied.put(request.name(), after);
    return outcome(request.revision(), results);
  }

  private static ObjectAction action(String before, String now) {
    return before == null
        ? ObjectAction.CREATED
        : before.equals(now) ? ObjectAction.UNCHANGED : ObjectAction.CONFIGURED;
  }

  private synchronized CommandOutcome delete(DeleteRequest request) {
    Map<ObjectRef, String> before = applied.remove(request.name());
    List<ObjectResult> results =
        Objects.requireNonNullElse(before, Map.<ObjectRef, String>of()).keySet().stream()
            .map(ref -> new ObjectResult(ref, ObjectAction.PRUNED, null, null))
            .toList();
    return outcome(request.revision(), results);
  }

  private static CommandOutcome outcome(long revision, List<ObjectResult> results) {
    long failed = results.stream().filter(one -> one.action() == ObjectAction.FAILED).count();
    ApplyStatus status =
        failed == 0
            ? ApplyStatus.SUCCEEDED
            : failed == results.size() ? ApplyStatus.FAILED : ApplyStatus.PARTIAL;
    ApplyReport report = new ApplyReport(revision, status, results, List.of(), List.of());
    return failed == 0
        ? CommandOutcome.succeeded(json(report))
        : new CommandOutcome(CommandState.FAILED, failed + " objects failed", json(report));
  }

  private synchronized CommandOutcome diff(DiffRequest request) {
    Map<ObjectRef, String> there = applied.getOrDefault(request.name(), Map.of());
    List<ObjectDrift> objects =
        request.objects().stream()
            .map(one -> drift(ref(one, request.namespace()), one.object().text(), there))
            .toList();
    boolean same = objects.stream().allMatch(one -> one.state() == ObjectDrift.State.IN_SYNC);
    DriftState state = same ? DriftState.IN_SYNC : DriftState.DRIFTED;
    return CommandOutcome.succeeded(
        json(new DiffReport(request.revision(), state, objects, List.of())));
  }

  private static ObjectDrift drift(ObjectRef ref, String wanted, Map<ObjectRef, String> there) {
    String live = there.get(ref);
    ObjectDrift.State state =
        live == null
            ? ObjectDrift.State.MISSING
            : live.equals(wanted) ? ObjectDrift.State.IN_SYNC : ObjectDrift.State.MODIFIED;
    return new ObjectDrift(ref, state, null, List.of());
  }

  private static RawJson json(Object report) {
    return new RawJson(new String(WIRE.encode(report), StandardCharsets.UTF_8));
  }

  private static ObjectRef ref(ManifestObject one, String namespace) {
    byte[] json = one.object().text().getBytes(StandardCharsets.UTF_8);
    Map<?, ?> object = CODEC.decode(Map.class, json);
    Map<?, ?> metadata = object.get("metadata") instanceof Map<?, ?> map ? map : Map.of();
    return new ObjectRef(
        String.valueOf(object.get("apiVersion")),
        String.valueOf(object.get("kind")),
        Objects.requireNonNullElse((String) metadata.get("namespace"), namespace),
        String.valueOf(metadata.get("name")));
  }
}
