package cx.niro.app.server;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;

/** Turns the PEM files of a certificate and its key into a key store. */
final class TlsFiles {
  private static final char[] NO_PASSWORD = new char[0];

  private TlsFiles() {}

  static KeyStore load(ServerSettings.Tls tls) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, NO_PASSWORD);
      PrivateKey key = key(tls.key());
      Certificate[] chain = chain(tls.certificate());
      checkPair(key, chain[0], tls);
      store.setKeyEntry("server", key, NO_PASSWORD, chain);
      return store;
    } catch (IOException | GeneralSecurityException e) {
      throw new CommandException(ExitCode.USAGE, "TLS: " + e.getMessage(), e);
    }
  }

  /** Otherwise every handshake would fail, and nothing would say why. */
  private static void checkPair(PrivateKey key, Certificate certificate, ServerSettings.Tls tls)
      throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    byte[] sample = {1, 2, 3};
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(sample);
    byte[] signed = signature.sign();
    boolean sameKind = certificate.getPublicKey().getAlgorithm().equals(key.getAlgorithm());
    if (!sameKind || !isVerified(signature, certificate, sample, signed)) {
      throw new GeneralSecurityException(
          "NIRO_TLS_KEY " + tls.key() + " is not the key of NIRO_TLS_CERT " + tls.certificate());
    }
  }

  private static boolean isVerified(
      Signature signature, Certificate certificate, byte[] sample, byte[] signed)
      throws GeneralSecurityException {
    signature.initVerify(certificate.getPublicKey());
    signature.update(sample);
    return signature.verify(signed);
  }

  private static PrivateKey key(Path file) throws GeneralSecurityException, IOException {
    try {
      return PemKey.parse(Files.readString(file));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new GeneralSecurityException("NIRO_TLS_KEY " + file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new IOException("NIRO_TLS_KEY " + file + " cannot be read: " + e, e);
    }
  }

  private static Certificate[] chain(Path file) throws GeneralSecurityException, IOException {
    try (InputStream in = Files.newInputStream(file)) {
      Certificate[] chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(in)
              .toArray(new Certificate[0]);
      if (chain.length == 0) {
        throw new GeneralSecurityException("NIRO_TLS_CERT " + file + " holds no certificate");
      }
      return chain;
    } catch (IOException e) {
      throw new IOException("NIRO_TLS_CERT " + file + " cannot be read: " + e, e);
    }
  }
}
