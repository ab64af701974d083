package cx.niro.app.cli;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whom to trust for TLS: the JDK's certificate authorities and those of a file. */
public final class Trust {
  private Trust() {}

  /** A context for clients; the default one when there is no file. */
  public static SSLContext of(@Nullable Path caFile) {
    try {
      if (caFile == null) {
        return SSLContext.getDefault();
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {managerOf(storeOf(caFile))}, null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new CommandException(
          ExitCode.USAGE, "--ca-file " + caFile + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static KeyStore storeOf(Path caFile) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (X509Certificate usual : managerOf(null).getAcceptedIssuers()) {
      store.setCertificateEntry("ca-" + number++, usual);
    }
    try (InputStream pem = Files.newInputStream(caFile)) {
      for (Certificate own : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("ca-" + number++, own);
      }
    }
    return store;
  }

  private static X509TrustManager managerOf(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return (X509TrustManager) factory.getTrustManagers()[0];
  }
}
