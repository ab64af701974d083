package cx.niro.server.internal.relay;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What proves that a call comes from a server over the same stores: HMAC-SHA-256 (RFC 2104) over
 * method, path, time and the digest of the body, each on a line, by the secret of the server that
 * is called.
 */
public final class Signature {
  private static final String HMAC = "HmacSHA256";

  private Signature() {}

  public static String of(String secret, String method, String path, String time, String digest) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), HMAC));
      String signed = String.join("\n", method, path, time, digest);
      byte[] code = mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(code);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + HMAC, e);
    }
  }

  /** In constant time. */
  static boolean fits(String wanted, String given) {
    return MessageDigest.isEqual(
        wanted.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  /** SHA-256 of a body, in hexadecimal. */
  public static String digest(byte[] body) {
    return HexFormat.of().formatHex(newDigest().digest(body));
  }

  public static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
