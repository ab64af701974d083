package cx.niro.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.agent.testkit.VirtualClusterSpec;
import cx.niro.agent.testkit.VirtualFleet;
import cx.niro.app.CommandException;
import cx.niro.app.server.RunningServer;
import cx.niro.app.server.ServerSettings;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessScenarioTest {
  @TempDir Path folder;

  @Test
  void a_fleet_survives_the_restart_of_its_server() {
    Path data = folder.resolve("data");
    RunningServer first = Servers.on(data, 0);
    int port = first.address().getPort();
    Cli niro = new Cli(first.address(), Servers.ADMIN_TOKEN);
    VirtualFleet fleet =
        VirtualFleet.builder(first.address().toString())
            .options(options -> options.proxy(null).http2PriorKnowledge(true))
            .build();
    try {
      fleet.add(
          VirtualClusterSpec.of(3, 30),
          niro.run("enroll", "factory-brno", "-o", "json").text("enrollment.token"));
      Await.until("healthy", () -> status(niro).contains("healthy"));
      first.close();

      try (RunningServer second = Servers.on(data, port)) {
        long before = fleet.metrics().beats();
        assertThat(status(niro)).contains("healthy");
        Await.until("beats arrive again", () -> fleet.metrics().beats() > before);
        assertThat(status(niro)).contains("healthy");
        assertThat(niro.run("ping", "factory-brno").exitCode()).isZero();
        assertThat(fleet.metrics().enrolled()).isEqualTo(1);
      }
    } finally {
      fleet.kill();
      first.close();
    }
  }

  @Test
  void data_that_another_process_holds_is_refused_with_the_next_step() throws Exception {
    Path data = folder.resolve("data");
    Servers.on(data, 0).close();
    try (FileChannel file = FileChannel.open(data.resolve("niro.mv.db"), StandardOpenOption.WRITE);
        FileLock held = file.lock()) {
      assertThat(held.isValid()).isTrue();
      assertThatThrownBy(() -> Servers.on(data, 0))
          .isInstanceOf(CommandException.class)
          .hasMessageContaining("is in use by another server")
          .hasMessageContaining("--data-dir");
    }
  }

  @Test
  void the_data_folder_is_closed_to_others() throws Exception {
    Path data = folder.resolve("data");
    Servers.on(data, 0).close();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
        .isEqualTo("rwx------");
  }

  @Test
  void a_taken_port_is_refused_with_the_next_step() {
    try (RunningServer first = Servers.inMemory()) {
      assertThatThrownBy(() -> Servers.on(folder.resolve("other"), first.address().getPort()))
          .isInstanceOf(CommandException.class)
          .hasMessageContaining("cannot be opened")
          .hasMessageContaining("--port");
    }
  }

  @Test
  void a_browser_sets_up_logs_in_and_needs_the_csrf_token() throws Exception {
    try (RunningServer server = Servers.inMemory()) {
      HttpClient browser = HttpClient.newHttpClient();
      String code = server.access().newSetupCode().orElseThrow();
      HttpResponse<String> setUp =
          browser.send(
              post(
                  server,
                  "/app/setup",
                  "{\"code\":\"%s\",\"email\":\"me@example.com\",\"password\":\"long enough pw\"}"
                      .formatted(code)),
              HttpResponse.BodyHandlers.ofString());
      assertThat(setUp.statusCode()).isEqualTo(200);
      String header = setUp.headers().firstValue("set-cookie").orElseThrow();
      // The public URL is https, so only browsers that come by https keep the cookie.
      assertThat(header)
          .startsWith("__Host-niro=")
          .contains("HttpOnly", "SameSite=Strict", "Secure", "Path=/");
      String cookie = header.substring(0, header.indexOf(';'));
      String csrf = setUp.body().replaceAll(".*\"csrfToken\":\"([0-9a-f]+)\".*", "$1");

      HttpRequest create = post(server, "/api/v1/clusters", "{\"name\":\"a\"}");
      assertThat(status(browser, create)).isEqualTo(401);
      assertThat(status(browser, with(create, "cookie", cookie))).isEqualTo(403);
      assertThat(status(browser, with(with(create, "cookie", cookie), "niro-csrf", csrf)))
          .isEqualTo(201);
    }
  }

  @Test
  void a_key_that_is_not_the_certificates_is_refused() throws Exception {
    Path certificate =
        Files.copy(selfSigned().certificate(), folder.resolve("certificate-of-another-key.pem"));
    Files.delete(folder.resolve("tls.p12"));
    ServerSettings.Tls mixed = new ServerSettings.Tls(certificate, selfSigned().key());

    assertThatThrownBy(
            () -> RunningServer.start(Servers.settings(folder.resolve("mixed"), 0, mixed)))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("is not the key of NIRO_TLS_CERT");
  }

  @Test
  void the_api_token_is_not_sent_to_another_machine_in_clear_text() {
    Cli niro = new Cli(URI.create("http://niro.example.com"), Servers.ADMIN_TOKEN);

    Cli.Ran refused = niro.run("get", "clusters");

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("in clear text to niro.example.com", "--allow-http");
  }

  @Test
  void tls_from_pem_files_speaks_http2() throws Exception {
    ServerSettings.Tls tls = selfSigned();
    try (RunningServer server =
        RunningServer.start(Servers.settings(folder.resolve("tls-data"), 0, tls))) {
      HttpClient client = HttpClient.newBuilder().sslContext(trusting(tls.certificate())).build();
      URI health = URI.create("https://localhost:" + server.address().getPort() + "/healthz");

      HttpResponse<String> answer =
          client.send(HttpRequest.newBuilder(health).build(), HttpResponse.BodyHandlers.ofString());

      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(answer.body()).isEqualTo("{\"status\":\"ok\"}");
    }
  }

  private static String status(Cli niro) {
    return niro.run("get", "clusters").out();
  }

  private static int status(HttpClient client, HttpRequest request) throws Exception {
    return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  private static HttpRequest post(RunningServer server, String path, String body) {
    return HttpRequest.newBuilder(server.address().resolve(path))
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private static HttpRequest with(HttpRequest request, String name, String value) {
    return HttpRequest.newBuilder(request, (any, other) -> true).header(name, value).build();
  }

  private ServerSettings.Tls selfSigned() throws Exception {
    Path store = folder.resolve("tls.p12");
    List<String> keytool =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "a",
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-dname",
            "CN=localhost",
            "-ext",
            "san=dns:localhost,ip:127.0.0.1",
            "-validity",
            "2",
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass",
            "changeit");
    Process made = new ProcessBuilder(keytool).redirectErrorStream(true).start();
    assertThat(made.waitFor(60, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "changeit".toCharArray());
    }
    return new ServerSettings.Tls(
        pem("CERTIFICATE", keys.getCertificate("a").getEncoded()),
        pem("PRIVATE KEY", keys.getKey("a", "changeit".toCharArray()).getEncoded()));
  }

  private Path pem(String kind, byte[] der) throws Exception {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        folder.resolve(kind.replace(' ', '-') + ".pem"),
        "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
  }

  private static SSLContext trusting(Path certificate) throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry(
        "a",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(certificate))));
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }
}
