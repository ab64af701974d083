package cx.niro.app.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PemKeyTest {
  @ParameterizedTest
  @CsvSource({"RSA, 2048", "EC, 256", "EC, 384", "Ed25519, 255"})
  void a_pkcs8_key_is_read(String algorithm, int size) throws GeneralSecurityException {
    PrivateKey key = newKey(algorithm, size);

    assertThat(PemKey.parse(pem("PRIVATE KEY", key.getEncoded()))).isEqualTo(key);
  }

  @Test
  void a_pkcs1_rsa_key_is_read() throws GeneralSecurityException {
    PrivateKey key = newKey("RSA", 2048);
    byte[] inner = Arrays.copyOfRange(key.getEncoded(), 26, key.getEncoded().length);

    assertThat(PemKey.parse(pem("RSA PRIVATE KEY", inner))).isEqualTo(key);
  }

  @Test
  void a_sec1_key_names_its_curve_inside() throws GeneralSecurityException {
    ECPrivateKey key = (ECPrivateKey) newKey("EC", 256);
    String secret = String.format("%064x", key.getS());
    byte[] sec1 = HexFormat.of().parseHex("30310201010420" + secret + "a00a06082a8648ce3d030107");

    assertThat(PemKey.parse(pem("EC PRIVATE KEY", sec1)))
        .isInstanceOfSatisfying(
            ECPrivateKey.class, read -> assertThat(read.getS()).isEqualTo(key.getS()));
  }

  @Test
  void an_encrypted_key_is_refused_with_the_reason() {
    assertThatThrownBy(() -> PemKey.parse(pem("ENCRYPTED PRIVATE KEY", new byte[20])))
        .hasMessage("the key is encrypted; give one without a passphrase");
  }

  @Test
  void a_certificate_is_not_a_key() {
    assertThatThrownBy(() -> PemKey.parse(pem("CERTIFICATE", new byte[20])))
        .hasMessage("it holds no PEM block with a PRIVATE KEY");
  }

  private static PrivateKey newKey(String algorithm, int size) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(size);
    return generator.generateKeyPair().getPrivate();
  }

  private static String pem(String kind, byte[] der) {
    return "-----BEGIN "
        + kind
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + kind
        + "-----\n";
  }
}
