package cx.niro.agent.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.agent.AgentOptions;
import cx.niro.agent.NiroAgent;
import cx.niro.agent.internal.Transport.Answer;
import cx.niro.agent.internal.Transport.Call;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OkHttpTransportTest {
  private final ExecutorService network = Executors.newCachedThreadPool();
  private final MockWebServer server = new MockWebServer();
  @TempDir Path folder;

  @BeforeEach
  void start() throws IOException {
    server.start(InetAddress.getLoopbackAddress(), 0);
  }

  @AfterEach
  void stop() {
    server.close();
    network.shutdownNow();
  }

  @Test
  void a_call_carries_key_type_and_agent_and_brings_status_body_and_retry_after_back()
      throws Exception {
    server.enqueue(
        new MockResponse.Builder().code(503).addHeader("Retry-After", "7").body("busy").build());
    Answer answer = send(options("http"), call("{}", "niro_ak_secret"));

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.retryAfter()).isEqualTo(Duration.ofSeconds(7));
    assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo("busy");
    RecordedRequest request = server.takeRequest();
    assertThat(request.getHeaders().get("Authorization")).isEqualTo("Bearer niro_ak_secret");
    assertThat(request.getHeaders().get("User-Agent")).isEqualTo("niro-agent/1.2.3");
    assertThat(request.getHeaders().get("Content-Type")).isEqualTo("application/json");
    assertThat(request.getHeaders().get("Content-Encoding")).isNull();
    assertThat(request.getTarget()).isEqualTo("/agent/v1/poll");
  }

  @Test
  void a_body_of_a_kilobyte_or_more_is_compressed() throws Exception {
    server.enqueue(new MockResponse.Builder().build());
    String body = "[" + "1,".repeat(2_000) + "1]";
    send(options("http"), call(body, null));

    RecordedRequest request = server.takeRequest();
    assertThat(request.getHeaders().get("Content-Encoding")).isEqualTo("gzip");
    byte[] packed = request.getBody().toByteArray();
    assertThat(packed.length).isLessThan(200);
    assertThat(new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes())
        .isEqualTo(body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void an_answer_over_its_limit_is_not_read_even_when_it_comes_compressed() throws Exception {
    Buffer bomb = new Buffer();
    try (var out = new java.util.zip.GZIPOutputStream(bomb.outputStream())) {
      out.write(new byte[10_000_000]);
    }
    server.enqueue(
        new MockResponse.Builder().addHeader("Content-Encoding", "gzip").body(bomb).build());

    assertThatThrownBy(() -> send(options("http"), call("{}", null)))
        .hasRootCauseInstanceOf(IOException.class)
        .hasRootCauseMessage("the answer is larger than the 1000 bytes allowed");
  }

  @Test
  void a_redirect_is_not_followed_because_the_key_is_for_this_server() throws Exception {
    server.enqueue(
        new MockResponse.Builder()
            .code(307)
            .addHeader("Location", "http://other.example/")
            .build());
    assertThat(send(options("http"), call("{}", "key")).status()).isEqualTo(307);
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void http2_without_asking_is_spoken_in_clear_text_when_it_is_switched_on() throws Exception {
    server.setProtocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
    server.enqueue(new MockResponse.Builder().build());
    Answer answer = send(options("http").http2PriorKnowledge(true), call("{}", null));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(server.takeRequest().getVersion()).isEqualTo("HTTP/2");
  }

  @Test
  void an_authority_of_the_bundle_is_trusted_and_http2_is_agreed_on() throws Exception {
    HeldCertificate authority = new HeldCertificate.Builder().certificateAuthority(0).build();
    HeldCertificate certificate =
        new HeldCertificate.Builder()
            .addSubjectAlternativeName("localhost")
            .signedBy(authority)
            .build();
    server.useHttps(
        new HandshakeCertificates.Builder()
            .heldCertificate(certificate)
            .build()
            .sslSocketFactory());
    server.enqueue(new MockResponse.Builder().build());
    Path bundle = Files.writeString(folder.resolve("ca.pem"), authority.certificatePem());

    assertThatThrownBy(() -> send(options("https"), call("{}", null)))
        .hasRootCauseInstanceOf(java.security.cert.CertPathBuilderException.class);
    assertThat(send(options("https").caBundle(bundle), call("{}", null)).status()).isEqualTo(200);
    assertThat(server.takeRequest().getVersion()).isEqualTo("HTTP/2");
  }

  @Test
  void a_bundle_without_a_certificate_is_refused_by_name() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");
    AgentOptions options = options("https").caBundle(empty).build();
    assertThatThrownBy(() -> new OkHttpTransport(options, network))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("caBundle " + empty);
  }

  @Test
  void a_call_goes_through_the_proxy_with_its_user_once_the_proxy_asks() throws Exception {
    server.enqueue(
        new MockResponse.Builder()
            .code(407)
            .addHeader("Proxy-Authenticate", "Basic realm=\"p\"")
            .build());
    server.enqueue(new MockResponse.Builder().build());
    AgentOptions.Builder options =
        NiroAgent.builder("http://niro.example.com")
            .allowHttp(true)
            .noProxy("")
            .proxy("http://me:secret@localhost:" + server.getPort());

    assertThat(send(options, call("{}", "key")).status()).isEqualTo(200);
    assertThat(server.takeRequest().getRequestLine())
        .isEqualTo("POST http://niro.example.com/agent/v1/poll HTTP/1.1");
    assertThat(server.takeRequest().getHeaders().get("Proxy-Authorization"))
        .isEqualTo("Basic bWU6c2VjcmV0");
  }

  @Test
  void a_server_that_accepts_and_never_answers_ends_the_call_after_its_patience() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      AgentOptions.Builder options =
          NiroAgent.builder("http://localhost:" + silent.getLocalPort()).proxy(null);
      Call parked =
          new Call("/agent/v1/poll", new byte[0], null, Duration.ofMillis(200), true, 1_000);
      assertThatThrownBy(() -> send(options, parked))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(InterruptedIOException.class);
    }
  }

  @Test
  void a_rebuilt_client_fails_what_is_under_way_and_serves_what_comes_after() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      AgentOptions stuck =
          NiroAgent.builder("http://localhost:" + silent.getLocalPort()).proxy(null).build();
      OkHttpTransport transport = new OkHttpTransport(stuck, network);
      var under =
          transport
              .send(
                  new Call("/agent/v1/poll", new byte[0], null, Duration.ofMinutes(1), true, 1_000))
              .toCompletableFuture();
      transport.rebuild();
      assertThatThrownBy(() -> under.get(30, TimeUnit.SECONDS))
          .hasCauseInstanceOf(IOException.class);
      transport.close();
    }
  }

  private AgentOptions.Builder options(String scheme) {
    return NiroAgent.builder(scheme + "://localhost:" + server.getPort())
        .agentVersion("1.2.3")
        .proxy(null);
  }

  private static Call call(String body, String key) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return new Call("/agent/v1/poll", bytes, key, Duration.ofSeconds(10), false, 1_000);
  }

  private Answer send(AgentOptions.Builder options, Call call) throws Exception {
    OkHttpTransport transport = new OkHttpTransport(options.build(), network);
    try {
      return transport.send(call).toCompletableFuture().get(15, TimeUnit.SECONDS);
    } finally {
      transport.close();
    }
  }
}
