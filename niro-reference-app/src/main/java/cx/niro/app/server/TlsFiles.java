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
      store.setKeyEntry("server", key(tls.key()), NO_PASSWORD, chain(tls.certificate()));
      return store;
    } catch (IOException | GeneralSecurityException e) {
      throw new CommandException(ExitCode.USAGE, "TLS: " + e.getMessage(), e);
    }
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
