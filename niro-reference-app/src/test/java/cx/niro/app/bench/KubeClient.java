package cx.niro.app.bench;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Writes to an API server as an administrator, in the name of any field manager. */
final class KubeClient {
  private final HttpClient http;
  private final String server;
  private final String token;

  /**
   * @param kubeconfig with one cluster, its authority and one token
   */
  KubeClient(Path kubeconfig) throws IOException, GeneralSecurityException {
    String text = Files.readString(kubeconfig);
    server = value(text, "server");
    token = value(text, "token");
    http =
        HttpClient.newBuilder()
            .sslContext(
                trusting(Base64.getDecoder().decode(value(text, "certificate-authority-data"))))
            .version(HttpClient.Version.HTTP_2)
            .build();
  }

  private static String value(String kubeconfig, String key) {
    Matcher line =
        Pattern.compile("(?m)^[\\s-]*" + key + ":\\s*\"?([^\\s\"]+)").matcher(kubeconfig);
    if (!line.find()) {
      throw new IllegalArgumentException("the kubeconfig has no " + key);
    }
    return line.group(1);
  }

  private static SSLContext trusting(byte[] pem) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry(
        "authority",
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem)));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  void create(String collection, String json) throws Exception {
    call("POST", collection, "application/json", json);
  }

  /** JSON with single quotes, merged by this field manager. */
  void patch(String manager, String path, String json) throws Exception {
    call("PATCH", path + "?fieldManager=" + manager, "application/merge-patch+json", json);
  }

  void delete(String path) throws Exception {
    call("DELETE", path, "application/json", "{}");
  }

  private void call(String method, String path, String type, String json) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server + path))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", type)
            .method(
                method,
                HttpRequest.BodyPublishers.ofString(
                    json.replace('\'', '"'), StandardCharsets.UTF_8))
            .build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IOException(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
    }
  }
}
