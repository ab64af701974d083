package cx.niro.server.internal.rest;

import cx.niro.core.protocol.NullMeans;
import cx.niro.core.protocol.RawJson;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bodies that the REST API takes; a member that is not here is refused. */
public final class RequestJson {
  private RequestJson() {}

  /** A cluster to be made. */
  public record NewCluster(
      @Nullable String name,
      @Nullable String environment,
      @Nullable Map<String, String> labels,
      @Nullable String organization) {}

  /** What to change of a cluster; what is absent stays, a threshold of null goes back. */
  public record ClusterPatch(
      @Nullable String name,
      @Nullable String environment,
      @Nullable Map<String, String> labels,
      @NullMeans(0) @Nullable Integer unknownAfterSeconds,
      @NullMeans(0) @Nullable Integer offlineAfterSeconds) {}

  /** How to enroll again. */
  public record NewEnrollment(@Nullable Boolean takeOver) {}

  /** A channel to be made. */
  public record NewChannel(
      @Nullable String name,
      @Nullable String kind,
      @Nullable Map<String, String> settings,
      @Nullable String minimumSeverity,
      ChannelJson.@Nullable Selector selector,
      @Nullable String organization) {}

  /** What to change of a channel; null leaves as it is. */
  public record ChannelPatch(
      @Nullable String name,
      @Nullable Map<String, String> settings,
      @Nullable String minimumSeverity,
      ChannelJson.@Nullable Selector selector,
      @Nullable Boolean enabled) {}

  /** Who takes care of an incident, in his words. */
  public record Acknowledgement(@Nullable String note) {}

  /** Until when an incident is to bother nobody. */
  public record IncidentSilence(
      @Nullable Instant until, @Nullable Long durationSeconds, @Nullable String reason) {}

  /** What people say of a cluster's policies. */
  public record Policy(
      @Nullable String profile,
      Map<String, String> namespaceProfiles,
      List<NewExemption> exemptions) {}

  /** An exemption to be given. */
  public record NewExemption(
      @Nullable String namespace,
      @Nullable String workload,
      @Nullable String label,
      List<String> rules,
      @Nullable String reason) {}

  /** A silence to be made. */
  public record NewSilence(
      SilenceJson.@Nullable Matchers matchers,
      @Nullable Instant startsAt,
      @Nullable Instant endsAt,
      @Nullable Long durationSeconds,
      @Nullable String reason,
      @Nullable String organization) {}

  /** The image that an agent shall run. */
  public record WantedImage(@Nullable String digest) {}

  /** The image that the agents of some clusters shall run. */
  public record WantedImages(@Nullable String digest, ChannelJson.@Nullable Selector selector) {}

  /** A command to be sent. */
  public record NewCommand(
      @Nullable String kind,
      @Nullable RawJson payload,
      @Nullable Long deadlineSeconds,
      @Nullable String idempotencyKey,
      @Nullable String orderKey) {}

  /** A managed deployment to be made or replaced. */
  public record NewDeployment(
      @Nullable String name,
      @Nullable String namespace,
      @Nullable RawJson manifests,
      List<String> cedeTo,
      @Nullable Boolean adopt,
      @Nullable Boolean forceConflicts,
      @Nullable Boolean removeData) {}

  /** How far an apply may go. */
  public record NewApply(
      @Nullable Boolean adopt, @Nullable Boolean forceConflicts, @Nullable Boolean removeData) {}

  /** A revision to go back to. */
  public record Rollback(
      @Nullable Long revision,
      @Nullable Boolean adopt,
      @Nullable Boolean forceConflicts,
      @Nullable Boolean removeData) {}
}
