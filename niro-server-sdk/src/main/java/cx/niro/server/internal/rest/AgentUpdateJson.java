package cx.niro.server.internal.rest;

import cx.niro.core.ErrorCode;
import cx.niro.server.AgentUpdate;
import cx.niro.server.ClusterView;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How far the replacement of an agent's image is. */
public record AgentUpdateJson(
    String command,
    String state,
    @Nullable String image,
    @Nullable String before,
    @Nullable String reason,
    String requestedBy,
    Instant requestedAt,
    @Nullable Instant finishedAt) {

  public static AgentUpdateJson of(AgentUpdate update) {
    return new AgentUpdateJson(
        update.command().value(),
        update.state().wireName(),
        update.image(),
        update.before(),
        update.reason(),
        update.requestedBy(),
        update.requestedAt(),
        update.finishedAt());
  }

  /** What came of one cluster of a selection: an update, or why there is none. */
  public record Offer(
      ClusterJson.Reference cluster,
      @Nullable AgentUpdateJson update,
      @Nullable String code,
      @Nullable String detail) {
    public static Offer made(ClusterView view, AgentUpdate update) {
      return new Offer(named(view), AgentUpdateJson.of(update), null, null);
    }

    public static Offer refused(ClusterView view, ErrorCode code, @Nullable String detail) {
      return new Offer(named(view), null, code.wireName(), detail);
    }

    private static ClusterJson.Reference named(ClusterView view) {
      return new ClusterJson.Reference(view.cluster().id().value(), view.cluster().name());
    }
  }
}
