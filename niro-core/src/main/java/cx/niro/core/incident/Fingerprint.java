package cx.niro.core.incident;

import cx.niro.core.ClusterId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Tells whether two occurrences are one incident or finding: SHA-256 of {@code cluster|type|scope},
 * in hexadecimal.
 */
public record Fingerprint(String value) {
  public static Fingerprint of(ClusterId cluster, IncidentType type, Scope scope) {
    return of(cluster.value() + '|' + type.name() + '|' + scope.value());
  }

  /** That of a policy finding: {@code cluster|policy|rule|scope}. */
  public static Fingerprint ofFinding(ClusterId cluster, String rule, Scope scope) {
    return of(cluster.value() + "|policy|" + rule + '|' + scope.value());
  }

  private static Fingerprint of(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return new Fingerprint(HexFormat.of().formatHex(hash));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
