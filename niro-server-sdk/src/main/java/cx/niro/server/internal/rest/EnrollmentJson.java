package cx.niro.server.internal.rest;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An enrollment token, the one time that it is shown. */
public record EnrollmentJson(
    String token,
    Instant expiresAt,
    @Nullable String installCommand,
    @Nullable String installHint) {

  /** A cluster just made. */
  public record Created(ClusterJson cluster, EnrollmentJson enrollment) {}

  /** Names no secret. */
  @Override
  public String toString() {
    return "EnrollmentJson(until " + expiresAt + ")";
  }
}
