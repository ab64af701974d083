package cx.niro.server.spi;

import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.DeploymentId;
import cx.niro.core.managed.DriftState;
import cx.niro.core.protocol.RawJson;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A managed deployment: a named set of manifests for one cluster.
 *
 * @param name unique within the cluster
 * @param namespace for objects that name none
 * @param origin who made it
 * @param wanted what is wanted of the cluster now
 * @param applied how the newest apply or delete goes
 * @param drift how the cluster compared with it when it was last looked at; null for never
 * @param look the newest comparison that the server asked for by itself; null for none
 */
public record DeploymentRow(
    DeploymentId id,
    ClusterId cluster,
    String name,
    String namespace,
    Origin origin,
    Wanted wanted,
    Applied applied,
    @Nullable Drift drift,
    @Nullable Look look) {

  /** How the newest apply or delete goes. */
  public enum Status {
    PENDING,
    SUCCEEDED,
    PARTIAL,
    FAILED;

    /** The name in the REST API, for example {@code partial}. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Who made it, and when. */
  public record Origin(String createdBy, Instant createdAt) {}

  /**
   * What is wanted.
   *
   * @param revision of the manifests, from 1
   * @param options of applies, a text of the server's
   * @param deleted whether the cluster is to hold nothing of it any more
   */
  public record Wanted(long revision, String options, boolean deleted, Instant updatedAt) {}

  /**
   * How far it is.
   *
   * @param attempt counts applies, from 1
   * @param command the newest one sent
   * @param reason why it is in this state, for people
   * @param lastSyncAt when an apply last succeeded; null for never
   */
  public record Applied(
      long attempt,
      Status status,
      CommandId command,
      @Nullable String reason,
      @Nullable Instant lastSyncAt) {}

  /**
   * What a comparison said.
   *
   * @param since when the first comparison in a row said so
   * @param report a {@code DiffReport}; null where it was not asked for
   */
  public record Drift(
      DriftState state, Instant since, Instant checkedAt, @Nullable RawJson report) {}

  /**
   * What the server last did to know of drift.
   *
   * @param command the comparison while it is under way, else null
   * @param mark what the agent had told before it was asked; null where that does not count, as the
   *     comparison failed or something was applied after it
   * @param fruitless how many in a row told nothing new
   */
  public record Look(
      @Nullable CommandId command, @Nullable String mark, Instant askedAt, int fruitless) {}

  /** The same, wanting something else. */
  public DeploymentRow with(Wanted next) {
    return new DeploymentRow(id, cluster, name, namespace, origin, next, applied, drift, look);
  }

  /** The same, further on. */
  public DeploymentRow with(Applied next) {
    return new DeploymentRow(id, cluster, name, namespace, origin, wanted, next, drift, look);
  }

  /** The same after a comparison, or with null before any. */
  public DeploymentRow with(@Nullable Drift next) {
    return new DeploymentRow(id, cluster, name, namespace, origin, wanted, applied, next, look);
  }

  /** The same after the server looked, or asked for it. */
  public DeploymentRow with(Look next) {
    return new DeploymentRow(id, cluster, name, namespace, origin, wanted, applied, drift, next);
  }

  /** The same without what a comparison said in detail. */
  public DeploymentRow withoutReport() {
    return drift == null
        ? this
        : with(new Drift(drift.state(), drift.since(), drift.checkedAt(), null));
  }
}
