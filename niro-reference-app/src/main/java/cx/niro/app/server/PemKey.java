package cx.niro.app.server;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a private key in any of the forms that PEM files have: PKCS#8, PKCS#1 (RSA), SEC1 (EC). */
final class PemKey {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----([^-]*)-----END \\1-----");
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519", "Ed448");
  private static final HexFormat HEX = HexFormat.of();

  /** AlgorithmIdentifier of rsaEncryption with NULL parameters. */
  private static final byte[] RSA = HEX.parseHex("300d06092a864886f70d0101010500");

  /** OBJECT IDENTIFIER id-ecPublicKey. */
  private static final byte[] EC = HEX.parseHex("06072a8648ce3d0201");

  private static final byte[] VERSION_ZERO = HEX.parseHex("020100");
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;
  private static final int OBJECT_IDENTIFIER = 0x06;
  private static final int PARAMETERS = 0xA0;

  private PemKey() {}

  /** The first private key in a PEM text. */
  static PrivateKey parse(String pem) throws GeneralSecurityException {
    Matcher block = BLOCK.matcher(pem);
    if (!block.find()) {
      throw new InvalidKeySpecException("it holds no PEM block with a PRIVATE KEY");
    }
    if (block.group(1).startsWith("ENCRYPTED") || block.group(2).contains("ENCRYPTED")) {
      throw new InvalidKeySpecException("the key is encrypted; give one without a passphrase");
    }
    byte[] der = Base64.getMimeDecoder().decode(block.group(2));
    return switch (block.group(1)) {
      case "PRIVATE KEY" -> ofPkcs8(der);
      case "RSA PRIVATE KEY" -> ofPkcs8(pkcs8(RSA, der));
      case "EC PRIVATE KEY" -> ofPkcs8(pkcs8(der(SEQUENCE, EC, curveOf(der)), der));
      default -> throw new InvalidKeySpecException(block.group(1) + " is not a kind of key known");
    };
  }

  private static PrivateKey ofPkcs8(byte[] der) throws GeneralSecurityException {
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (InvalidKeySpecException e) {
        // Another algorithm's key; the next one may take it.
      }
    }
    throw new InvalidKeySpecException("the key is none of " + String.join(", ", ALGORITHMS));
  }

  private static byte[] pkcs8(byte[] algorithm, byte[] key) {
    return der(SEQUENCE, VERSION_ZERO, algorithm, der(OCTET_STRING, key));
  }

  /** The curve's identifier, which SEC1 keeps in the optional member [0]. */
  private static byte[] curveOf(byte[] sec1) throws InvalidKeySpecException {
    for (int at = 0; at + 4 < sec1.length; at++) {
      int length = sec1[at + 1];
      boolean found =
          (sec1[at] & 0xFF) == PARAMETERS
              && sec1[at + 2] == OBJECT_IDENTIFIER
              && sec1[at + 3] == length - 2
              && at + 2 + length <= sec1.length;
      if (found) {
        return Arrays.copyOfRange(sec1, at + 2, at + 2 + length);
      }
    }
    throw new InvalidKeySpecException("the EC key does not name its curve");
  }

  private static byte[] der(int tag, byte[]... parts) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      body.writeBytes(part);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int length = body.size();
    if (length > 0xFF) {
      out.write(0x82);
      out.write(length >> 8);
    } else if (length > 0x7F) {
      out.write(0x81);
    }
    out.write(length & 0xFF);
    out.writeBytes(body.toByteArray());
    return out.toByteArray();
  }
}
