package cx.niro.core;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * An enrollment token, agent key or API token in clear text: {@code niro_ak_} + 16 characters of
 * key id + 43 of secret (256 random bits) + 6 of checksum (CRC-32), all base62. The fixed length
 * and the checksum tell a truncated paste apart before anything is sent. Keep it out of logs:
 * {@link #toString()} shows only the kind and the key id.
 */
public final class Credential {
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int KEY_ID_LENGTH = 16;
  private static final int SECRET_LENGTH = 43;
  private static final int CHECKSUM_LENGTH = 6;
  private static final Pattern BASE62 = Pattern.compile("[0-9A-Za-z]+");

  /** What a credential is for; the prefix makes a leaked one easy to find and to name. */
  public enum Kind {
    ENROLLMENT_TOKEN("niro_et_", ErrorCode.TOKEN_MALFORMED),
    AGENT_KEY("niro_ak_", ErrorCode.KEY_MALFORMED),
    API_TOKEN("niro_at_", ErrorCode.NOT_AUTHENTICATED);

    private final String prefix;
    private final ErrorCode malformed;

    Kind(String prefix, ErrorCode malformed) {
      this.prefix = prefix;
      this.malformed = malformed;
    }

    public String prefix() {
      return prefix;
    }

    /** The number of characters of every credential of this kind. */
    public int length() {
      return prefix.length() + KEY_ID_LENGTH + SECRET_LENGTH + CHECKSUM_LENGTH;
    }
  }

  private final Kind kind;
  private final String text;

  private Credential(Kind kind, String text) {
    this.kind = kind;
    this.text = text;
  }

  /**
   * A new credential from {@code random}, which must be a {@link java.security.SecureRandom}
   * outside tests.
   */
  public static Credential mint(Kind kind, RandomGenerator random) {
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    StringBuilder body = new StringBuilder(kind.prefix);
    for (int i = 0; i < KEY_ID_LENGTH; i++) {
      body.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
    }
    body.append(base62(new BigInteger(1, secret), SECRET_LENGTH));
    return new Credential(kind, body + checksum(body.toString()));
  }

  /**
   * The credential that {@code text} spells, surrounding white space ignored.
   *
   * @throws InvalidRequestException when prefix, length, alphabet or checksum is wrong; the message
   *     says which
   */
  public static Credential parse(Kind kind, String text) {
    String trimmed = text.strip();
    String wrong = whatIsWrong(kind, trimmed);
    if (wrong != null) {
      throw new InvalidRequestException(kind.malformed, wrong);
    }
    return new Credential(kind, trimmed);
  }

  private static @Nullable String whatIsWrong(Kind kind, String text) {
    if (!text.startsWith(kind.prefix)) {
      return "it must start with " + kind.prefix;
    }
    if (text.length() != kind.length()) {
      return "it must have "
          + kind.length()
          + " characters but has "
          + text.length()
          + "; was it copied whole?";
    }
    int bodyEnd = text.length() - CHECKSUM_LENGTH;
    boolean clean = BASE62.matcher(text.substring(kind.prefix.length())).matches();
    if (!clean || !checksum(text.substring(0, bodyEnd)).equals(text.substring(bodyEnd))) {
      return "its checksum does not match; was it mistyped?";
    }
    return null;
  }

  public Kind kind() {
    return kind;
  }

  /** The public part, by which a server looks the credential up; safe to log. */
  public String keyId() {
    return text.substring(kind.prefix.length(), kind.prefix.length() + KEY_ID_LENGTH);
  }

  /** The whole secret text, for the one place that sends or stores it. */
  public String secretText() {
    return text;
  }

  /** All that a server stores of it. */
  public SecretHash hash() {
    return SecretHash.of(text);
  }

  /** Compares in constant time with a stored hash. */
  public boolean matches(SecretHash stored) {
    return stored.matches(text);
  }

  private static String checksum(String body) {
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(StandardCharsets.US_ASCII));
    return base62(BigInteger.valueOf(crc.getValue()), CHECKSUM_LENGTH);
  }

  private static String base62(BigInteger number, int length) {
    BigInteger base = BigInteger.valueOf(DIGITS.length());
    char[] out = new char[length];
    BigInteger rest = number;
    for (int i = length - 1; i >= 0; i--) {
      BigInteger[] parts = rest.divideAndRemainder(base);
      out[i] = DIGITS.charAt(parts[1].intValue());
      rest = parts[0];
    }
    return new String(out);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Credential that && that.hash().matches(text);
  }

  @Override
  public int hashCode() {
    return keyId().hashCode();
  }

  /** Kind and key id only. */
  @Override
  public String toString() {
    return kind.prefix + keyId() + "…";
  }
}
