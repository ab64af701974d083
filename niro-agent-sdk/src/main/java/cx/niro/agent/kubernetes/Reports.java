package cx.niro.agent.kubernetes;

import cx.niro.core.managed.ApplyReport;
import cx.niro.core.managed.ApplyStatus;
import cx.niro.core.managed.DiffReport;
import cx.niro.core.managed.FieldChange;
import cx.niro.core.managed.ManagedLimits;
import cx.niro.core.managed.ObjectAction;
import cx.niro.core.managed.ObjectDrift;
import cx.niro.core.managed.ObjectResult;
import cx.niro.core.protocol.Limits;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.protocol.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Puts reports together, and within what a result may hold. */
final class Reports {
  private static final NiroCodec CODEC = NiroCodec.create();
  private static final long ROOM = Limits.RESULT_BYTES - 64 * 1024;
  private static final Set<ObjectAction> GOOD =
      EnumSet.of(
          ObjectAction.CREATED,
          ObjectAction.CONFIGURED,
          ObjectAction.UNCHANGED,
          ObjectAction.PRUNED,
          ObjectAction.KEPT);

  private Reports() {}

  static @Nullable String clip(@Nullable String message) {
    return message == null ? null : Json.clip(message, ManagedLimits.MESSAGE_CHARS);
  }

  /**
   * @param pruned results of objects that are in the cluster only
   */
  static ApplyReport of(long revision, List<Item> items, List<ObjectResult> pruned) {
    List<ObjectResult> results = new ArrayList<>();
    items.forEach(item -> results.add(item.result()));
    boolean bad = results.stream().anyMatch(result -> !GOOD.contains(result.action()));
    pruned.forEach(results::add);
    boolean failed =
        bad || pruned.stream().anyMatch(result -> result.action() == ObjectAction.FAILED);
    boolean some = results.stream().anyMatch(result -> GOOD.contains(result.action()));
    ApplyStatus status =
        !failed ? ApplyStatus.SUCCEEDED : some ? ApplyStatus.PARTIAL : ApplyStatus.FAILED;
    return new ApplyReport(
        revision,
        status,
        results.subList(0, Math.min(results.size(), 2 * ManagedLimits.OBJECTS)),
        items.stream().flatMap(i -> i.ceded().stream()).limit(ManagedLimits.LISTED).toList(),
        items.stream().flatMap(i -> i.conflicts().stream()).limit(ManagedLimits.LISTED).toList());
  }

  /** One sentence about what went wrong; null when nothing did. */
  static @Nullable String reason(ApplyReport report) {
    if (report.status() == ApplyStatus.SUCCEEDED) {
      return null;
    }
    List<ObjectResult> bad =
        report.objects().stream().filter(result -> !GOOD.contains(result.action())).toList();
    ObjectResult first =
        bad.stream()
            .filter(result -> result.action() == ObjectAction.FAILED)
            .findFirst()
            .orElse(bad.get(0));
    String message = first.message() == null ? first.action().wireName() : first.message();
    return "%d of %d objects are not as wanted; %s: %s"
        .formatted(bad.size(), report.objects().size(), first.object(), message);
  }

  static RawJson fit(ApplyReport report) {
    return fit(
        chars ->
            new ApplyReport(
                report.revision(),
                report.status(),
                report.objects().stream().map(result -> shorter(result, chars)).toList(),
                report.ceded(),
                report.conflicts()));
  }

  static RawJson fit(DiffReport report) {
    return fit(
        chars ->
            new DiffReport(
                report.revision(),
                report.state(),
                report.objects().stream().map(object -> shorter(object, chars)).toList(),
                report.ceded()));
  }

  /** The first that has room, of reports with shorter and shorter texts. */
  private static RawJson fit(IntFunction<Object> report) {
    return Stream.of(ManagedLimits.MESSAGE_CHARS, 128, 32, 0)
        .map(chars -> CODEC.encode(report.apply(chars)))
        .filter(bytes -> bytes.length <= ROOM)
        .findFirst()
        .map(bytes -> new RawJson(new String(bytes, StandardCharsets.UTF_8)))
        .orElse(RawJson.EMPTY);
  }

  private static ObjectResult shorter(ObjectResult result, int chars) {
    return new ObjectResult(
        result.object(), result.action(), clip(result.message(), chars), result.source());
  }

  /** With less room for texts, an object shows fewer changes too. */
  private static ObjectDrift shorter(ObjectDrift object, int chars) {
    List<FieldChange> changes = object.changes();
    int shown = chars < ManagedLimits.MESSAGE_CHARS ? chars / 16 : changes.size();
    return new ObjectDrift(
        object.object(),
        object.state(),
        clip(object.message(), chars),
        changes.stream()
            .limit(shown)
            .map(
                c ->
                    new FieldChange(
                        c.path(), clip(c.wanted(), chars), clip(c.live(), chars), c.manager()))
            .toList());
  }

  private static @Nullable String clip(@Nullable String text, int chars) {
    return text == null ? null : Json.clip(text, chars);
  }
}
