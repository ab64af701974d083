package cx.niro.app.access;

import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Hashes passwords with PBKDF2 and HMAC-SHA-256; the stored text names its own rounds, so that they
 * can be raised later.
 */
final class Passwords {
  static final int ROUNDS = 600_000;
  static final int MIN_LENGTH = 12;
  static final int MAX_LENGTH = 256;
  private static final String SCHEME = "pbkdf2-sha256";
  private static final int SALT_BYTES = 16;
  private static final int HASH_BITS = 256;

  private final RandomGenerator random;
  private final int rounds;
  private final String nobody;

  Passwords(RandomGenerator random, int rounds) {
    this.random = random;
    this.rounds = rounds;
    this.nobody = stored(random(SALT_BYTES), random(HASH_BITS / 8));
  }

  /** The hash to store. */
  String hash(String password) {
    byte[] salt = random(SALT_BYTES);
    return stored(salt, derive(password, salt, rounds));
  }

  private String stored(byte[] salt, byte[] hash) {
    return String.join("$", SCHEME, String.valueOf(rounds), base64(salt), base64(hash));
  }

  private byte[] random(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Whether it is the password that was stored. */
  boolean matches(String password, String stored) {
    List<String> parts = List.of(stored.split("\\$", -1));
    if (parts.size() != 4 || !parts.get(0).equals(SCHEME) || password.length() > MAX_LENGTH) {
      return false;
    }
    byte[] salt = Base64.getDecoder().decode(parts.get(2));
    byte[] derived = derive(password, salt, Integer.parseInt(parts.get(1)));
    return MessageDigest.isEqual(derived, Base64.getDecoder().decode(parts.get(3)));
  }

  /** Takes as long as {@link #matches}, so that nobody learns which accounts exist. */
  void matchNobody(String password) {
    if (matches(password, nobody)) {
      throw new IllegalStateException("nobody can have a password");
    }
  }

  /** Refuses what is too short to be kept. */
  static void check(String password) {
    if (password.length() < MIN_LENGTH || password.length() > MAX_LENGTH) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_FIELD,
          "password must have "
              + MIN_LENGTH
              + " to "
              + MAX_LENGTH
              + " characters but has "
              + password.length());
    }
  }

  private static byte[] derive(String password, byte[] salt, int rounds) {
    PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, rounds, HASH_BITS);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has PBKDF2WithHmacSHA256", e);
    } finally {
      spec.clearPassword();
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().withoutPadding().encodeToString(bytes);
  }
}
