package cx.niro.server.internal.rest;

import cx.niro.server.Silences;
import cx.niro.server.spi.SilenceRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A silence or maintenance window. */
public record SilenceJson(
    String id,
    String organization,
    String state,
    Matchers matchers,
    Instant startsAt,
    Instant endsAt,
    String reason,
    String createdBy,
    Instant createdAt) {

  public static SilenceJson of(Silences.View view) {
    SilenceRow row = view.silence();
    return new SilenceJson(
        row.id().value(),
        row.organization().value(),
        view.state().wireName(),
        Matchers.of(row),
        row.startsAt(),
        row.endsAt(),
        row.origin().reason(),
        row.origin().createdBy(),
        row.origin().createdAt());
  }

  /** Which incidents it covers; an empty part covers all. */
  public record Matchers(
      List<String> clusters,
      List<String> environments,
      Map<String, String> labels,
      List<String> types,
      @Nullable String scopePrefix) {
    static Matchers of(SilenceRow row) {
      ChannelJson.Selector selector = ChannelJson.Selector.of(row.selector());
      return new Matchers(
          selector.clusters(),
          selector.environments(),
          selector.labels(),
          selector.types(),
          row.scopePrefix());
    }
  }
}
