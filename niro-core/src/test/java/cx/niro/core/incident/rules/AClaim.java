package cx.niro.core.incident.rules;

import cx.niro.core.incident.Seen;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.ObjectMeta;
import cx.niro.core.snapshot.PersistentVolumeClaim;
import cx.niro.core.snapshot.WarningEvent;
import cx.niro.core.snapshot.WarningEvent.InvolvedObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Claim shop/data of class {@code local-path}, for tests that change one thing about it. */
final class AClaim {
  private final @Nullable String phase;
  private @Nullable String storageClass = "local-path";
  private @Nullable String mode;
  private @Nullable Integer users = 1;
  private @Nullable Long createdAt;
  private @Nullable Long deletedAt;
  private @Nullable String volume;
  private final List<WarningEvent> events = new ArrayList<>();

  private AClaim(@Nullable String phase) {
    this.phase = phase;
  }

  static AClaim in(@Nullable String phase) {
    return new AClaim(phase);
  }

  AClaim ofClass(@Nullable String name, @Nullable String bindingMode) {
    storageClass = name;
    mode = bindingMode;
    return this;
  }

  AClaim usedBy(@Nullable Integer pods) {
    users = pods;
    return this;
  }

  AClaim createdAt(long at) {
    createdAt = at;
    return this;
  }

  AClaim volume(String name) {
    volume = name;
    return this;
  }

  AClaim deleted() {
    deletedAt = 5L;
    return this;
  }

  AClaim event(String reason, String uid, @Nullable Long first) {
    events.add(
        new WarningEvent(
            Seen.meta("e-" + events.size(), "shop", "e", first, null),
            reason,
            "no space on \"/data\"",
            new InvolvedObject("PersistentVolumeClaim", "shop", "data", uid, null),
            "provisioner",
            null,
            null,
            1,
            first,
            first));
    return this;
  }

  /** Provisioning failed first at this instant. */
  AClaim failed(@Nullable Long first) {
    return event("ProvisioningFailed", "uid-data", first);
  }

  ClusterSnapshot alone() {
    ObjectMeta meta =
        new ObjectMeta(
            "uid-data", "shop", "data", null, createdAt, deletedAt, Map.of(), Map.of(), null, null);
    PersistentVolumeClaim claim =
        new PersistentVolumeClaim(
            meta, phase, storageClass, mode, List.of(), volume, null, null, users);
    return AWorkload.with(
        new Inventory(
            List.of(), List.of(), List.of(), events, List.of(claim), List.of(), List.of()));
  }
}
