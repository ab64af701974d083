package cx.niro.server.internal.managed;

import cx.niro.core.DeploymentId;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.managed.ManagedLimits;
import cx.niro.core.managed.ManifestObject;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.protocol.Range;
import cx.niro.server.internal.outbox.Sealer;
import cx.niro.server.manifest.ManifestSet;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Manifests between what they say and what is stored. */
public final class Manifests {
  private static final NiroCodec CODEC = NiroCodec.create();

  private final Sealer sealer;

  public Manifests(Sealer sealer) {
    this.sealer = sealer;
  }

  /** Refuses what could only be stored for everybody to read. */
  public void requireKey() {
    if (!sealer.hasKey()) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_FIELD, "manifests cannot be kept: this server has no secrets key");
    }
  }

  public String seal(DeploymentId id, long revision, ManifestSet set) {
    return sealer.seal(text(new Stored(set.forAgents())), purpose(id, revision));
  }

  /**
   * What was sealed.
   *
   * @throws InvalidRequestException when this server does not have the key
   */
  public ManifestSet open(DeploymentId id, long revision, String text) {
    if (!opens(text)) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_FIELD,
          "manifests of revision "
              + revision
              + " were sealed with a key that this server does not have; bring it back, or give the"
              + " manifests again");
    }
    byte[] json = sealer.open(text, purpose(id, revision)).getBytes(StandardCharsets.UTF_8);
    return ManifestSet.ofStored(CODEC.decode(Stored.class, json).objects());
  }

  /** Whether this server has the key. */
  public boolean opens(String text) {
    return sealer.opens(text);
  }

  private static String purpose(DeploymentId id, long revision) {
    return "manifests/" + id + "/" + revision;
  }

  /** A message as agents read it. */
  public static String text(Object message) {
    return new String(CODEC.encode(message), StandardCharsets.UTF_8);
  }

  record Stored(@Range(max = ManagedLimits.OBJECTS) List<ManifestObject> objects) {}
}
