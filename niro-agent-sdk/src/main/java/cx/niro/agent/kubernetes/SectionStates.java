package cx.niro.agent.kubernetes;

import cx.niro.core.snapshot.SectionStatus;
import cx.niro.core.snapshot.SectionStatus.State;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One state for a section that is read from several collections. */
final class SectionStates {
  private SectionStates() {}

  /**
   * Complete when all parts are, off when all are; an error when nothing could be read, partial
   * when something could. A part that is off takes nothing from the others.
   */
  static SectionStatus of(List<SectionStatus> parts) {
    List<SectionStatus> on = parts.stream().filter(part -> part.state() != State.OFF).toList();
    if (on.isEmpty()) {
      return parts.isEmpty() ? SectionStatus.OFF : parts.get(0);
    }
    int total = on.stream().mapToInt(part -> Objects.requireNonNullElse(part.total(), 0)).sum();
    int dropped = on.stream().mapToInt(SectionStatus::dropped).sum();
    @Nullable String reason =
        on.stream()
            .filter(part -> part.state() != State.COMPLETE)
            .map(SectionStatus::reason)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    return new SectionStatus(state(on), total, dropped, reason);
  }

  private static State state(List<SectionStatus> on) {
    if (on.stream().allMatch(part -> part.state() == State.COMPLETE)) {
      return State.COMPLETE;
    }
    return on.stream().allMatch(part -> part.state() == State.ERROR) ? State.ERROR : State.PARTIAL;
  }
}
