package cx.niro.core;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of a secret, in hexadecimal: all that a server stores of it. Secrets of Niro hold at
 * least 128 random bits, so a slow hash would add nothing.
 */
public record SecretHash(String hex) {
  public static SecretHash of(String secret) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
      return new SecretHash(HexFormat.of().formatHex(hash));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Compares in constant time. */
  public boolean matches(String secret) {
    byte[] mine = hex.getBytes(StandardCharsets.US_ASCII);
    return MessageDigest.isEqual(mine, of(secret).hex.getBytes(StandardCharsets.US_ASCII));
  }
}
