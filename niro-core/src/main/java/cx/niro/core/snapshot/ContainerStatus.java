package cx.niro.core.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * What became of a container; at most one of the three states is present. Instants are the
 * cluster's clock.
 */
public record ContainerStatus(
    String name,
    @Nullable Boolean ready,
    @Nullable Boolean started,
    @Nullable Integer restartCount,
    @Nullable @Text(max = 512) String imageId,
    @Nullable String containerId,
    @Nullable Waiting waiting,
    @Nullable Running running,
    @Nullable Terminated terminated,
    @Nullable Terminated lastTerminated) {

  /** Why a container does not run yet, or not at the moment. */
  public record Waiting(@Nullable String reason, @Nullable @Text(max = 512) String message) {}

  /** Since when it runs, epoch milliseconds. */
  public record Running(@Nullable Long startedAt) {}

  /** How it ended, epoch milliseconds. */
  public record Terminated(
      @Nullable String reason,
      @Nullable Integer exitCode,
      @Nullable Integer signal,
      @Nullable Long startedAt,
      @Nullable Long finishedAt,
      @Nullable @Text(max = 256) String message,
      @Nullable String containerId) {}
}
