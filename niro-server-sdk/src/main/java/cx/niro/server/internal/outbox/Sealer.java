package cx.niro.server.internal.outbox;

import cx.niro.core.SecretHash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals texts with AES-256-GCM (NIST SP 800-38D) under the first of its keys and opens what any of
 * them sealed. A sealed text is {@code v1.KEYID.BASE64(nonce, ciphertext, tag)} and opens only for
 * the purpose that it was sealed for.
 */
public final class Sealer {
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final String FORM = "v1";

  private final Map<String, SecretKey> keys = new LinkedHashMap<>();
  private final RandomGenerator random;

  /**
   * Seals under the first key.
   *
   * @param keys 32 bytes each, the newest first; none to seal nothing
   */
  public Sealer(List<byte[]> keys, RandomGenerator random) {
    for (byte[] key : keys) {
      if (key.length != KEY_BYTES) {
        throw new IllegalArgumentException(
            "a secrets key must have " + KEY_BYTES + " bytes but has " + key.length);
      }
      this.keys.put(keyId(key), new SecretKeySpec(key, "AES"));
    }
    this.random = random;
  }

  private static String keyId(byte[] key) {
    return SecretHash.of("niro key id " + HexFormat.of().formatHex(key)).hex().substring(0, 8);
  }

  /** Whether this is a sealed text and no JSON. */
  public static boolean isSealed(String text) {
    return text.startsWith(FORM + ".");
  }

  public boolean hasKey() {
    return !keys.isEmpty();
  }

  /** Opens for this purpose only. */
  public String seal(String text, String purpose) {
    Map.Entry<String, SecretKey> newest = keys.entrySet().iterator().next();
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed =
        apply(
            Cipher.ENCRYPT_MODE,
            newest.getValue(),
            nonce,
            purpose,
            ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    byte[] all = ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
    return FORM + "." + newest.getKey() + "." + Base64.getEncoder().encodeToString(all);
  }

  /** Whether the key that sealed it is there. */
  public boolean opens(String sealed) {
    String[] parts = sealed.split("\\.", 3);
    return parts.length == 3 && keys.containsKey(parts[1]);
  }

  /**
   * The text that was sealed.
   *
   * @throws IllegalStateException when none of the keys sealed it, or not for this purpose
   */
  public String open(String sealed, String purpose) {
    String[] parts = sealed.split("\\.", 3);
    SecretKey key = parts.length == 3 && parts[0].equals(FORM) ? keys.get(parts[1]) : null;
    if (key == null) {
      throw new IllegalStateException("it was sealed with a key that this server does not have");
    }
    ByteBuffer all = ByteBuffer.wrap(Base64.getDecoder().decode(parts[2]));
    byte[] nonce = new byte[NONCE_BYTES];
    all.get(nonce);
    byte[] plain = apply(Cipher.DECRYPT_MODE, key, nonce, purpose, all.slice());
    return new String(plain, StandardCharsets.UTF_8);
  }

  /**
   * What recognises a text without telling it, in 64 hexadecimal digits: an HMAC-SHA256 (RFC 2104)
   * under the newest key, so that nobody can try likely texts.
   */
  public String fingerprint(String text, String purpose) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(keys.values().iterator().next());
      mac.update((purpose + "\0").getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("it cannot be recognised with this key", e);
    }
  }

  private static byte[] apply(
      int mode, SecretKey key, byte[] nonce, String purpose, ByteBuffer input) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
      byte[] bytes = new byte[input.remaining()];
      input.get(bytes);
      return cipher.doFinal(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("it cannot be sealed or opened with this key", e);
    }
  }
}
