package cx.niro.agent.kubernetes;

import cx.niro.core.snapshot.PersistentVolumeClaim;

/** A claim from its JSON. */
final class ClaimMapper {
  private ClaimMapper() {}

  static PersistentVolumeClaim map(Json claim) {
    Json spec = claim.child("spec");
    Json status = claim.child("status");
    return new PersistentVolumeClaim(
        Metadata.of(claim),
        status.text("phase"),
        spec.text("storageClassName"),
        null,
        spec.texts("accessModes"),
        spec.text("volumeName"),
        spec.child("resources").child("requests").units("storage"),
        status.child("capacity").units("storage"),
        null);
  }
}
