package cx.niro.server.internal.rest;

import java.util.List;

/** The events of a stream of log lines. */
public final class LogJson {
  private LogJson() {}

  /** Lines without their line feeds. */
  public record Lines(List<String> lines) {}

  /** So many lines are missing here. */
  public record Dropped(long count) {}

  /** Nothing was heard for so long; lines may be missing or shown twice. */
  public record Gap(long seconds) {}

  /** Nothing follows. */
  public record End(String code, String reason) {}
}
