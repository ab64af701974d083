package cx.niro.app.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.testkit.ManualTime;
import cx.niro.core.testkit.StepExecutor;
import cx.niro.server.NiroServer;
import cx.niro.server.http.NiroHandler;
import cx.niro.server.memory.MemoryStores;
import cx.niro.server.servlet.NiroServlet;
import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Dispatcher;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Slow clients of the app's web server. */
class WebServerTest {
  private static final int STREAMS = 50;

  private final ManualTime time = ManualTime.create();
  private final StepExecutor timers = time.newExecutor();
  private final ExecutorService threads = Executors.newFixedThreadPool(2);

  @Test
  void bodies_that_drip_on_streams_of_one_connection_hold_no_thread() throws Exception {
    OkHttpClient client = http2();
    CountDownLatch written = new CountDownLatch(STREAMS);
    try (NiroServer niro =
            NiroServer.builder(MemoryStores.create())
                .clock(time)
                .nanos(time.nanos())
                .executor(threads)
                .scheduler(timers)
                .build();
        NiroHandler handler = NiroHandler.builder(niro).build();
        WebServer web = new WebServer(settings(), Map.of("/", new NiroServlet(handler)))) {
      niro.start();
      web.start();
      assertThat(status(client, get(web, "/healthz"))).isEqualTo(200);
      List<CompletableFuture<String>> answers = new ArrayList<>();
      for (int i = 0; i < STREAMS; i++) {
        answers.add(drip(client, web.address().resolve("/agent/v1/enroll"), written));
      }
      assertThat(written.await(30, TimeUnit.SECONDS)).isTrue();
      while (handler.openBodies() < STREAMS) {
        Thread.onSpinWait();
      }

      assertThat(status(client, get(web, "/healthz"))).isEqualTo(200);
      assertThat(status(client, get(web, "/api/v1/clusters"))).isEqualTo(401);

      for (int i = 0; i <= NiroHandler.BODY_DEADLINE.toSeconds(); i++) {
        time.advance(Duration.ofSeconds(1));
      }
      for (CompletableFuture<String> answer : answers) {
        assertThat(answer.get(30, TimeUnit.SECONDS)).startsWith("408").contains("body_timeout");
      }
    } finally {
      client.dispatcher().executorService().shutdown();
      client.connectionPool().evictAll();
      threads.shutdownNow();
    }
  }

  @Test
  void readers_that_take_nothing_hold_no_thread(@TempDir Path folder) throws Exception {
    Files.write(folder.resolve("agent-image.tar"), new byte[8_000_000]);
    List<Socket> readers = new ArrayList<>();
    try (WebServer web =
        new WebServer(settings(), Map.of("/install/*", new AgentImageServlet(folder)))) {
      web.start();
      for (int i = 0; i < WebServer.THREADS + 5; i++) {
        Socket reader = new Socket();
        reader.setReceiveBufferSize(4096);
        reader.connect(new java.net.InetSocketAddress("127.0.0.1", web.address().getPort()));
        reader
            .getOutputStream()
            .write(
                "GET /install/agent-image.tar HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        assertThat(reader.getInputStream().read()).isEqualTo('H');
        readers.add(reader);
      }

      try (Response answer =
          new OkHttpClient().newCall(get(web, "/install/agent-image.tar")).execute()) {
        assertThat(answer.body().bytes()).hasSize(8_000_000);
      }
    } finally {
      for (Socket reader : readers) {
        reader.close();
      }
    }
  }

  @Test
  void heads_that_drip_are_not_waited_for_and_whoever_is_well_stays() throws Exception {
    OkHttpClient client = http2();
    try (WebServer web = started(Map.of("/", new AgentImageServlet(null)));
        Socket silent = connect(web);
        Socket line = connect(web);
        Socket header = connect(web);
        Socket preface = connect(web);
        Socket idle = connect(web)) {
      send(line, "GET /");
      send(header, "GET / HTTP/1.1\r\nHost: x\r\nX-Long: a");
      send(preface, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0");
      send(idle, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(idle.getInputStream().read()).isEqualTo('H');
      assertThat(status(client, get(web, "/"))).isEqualTo(404);
      web.lookAtHeads();

      time.advance(HeadDeadline.PATIENCE.minusSeconds(1));
      send(line, "a");
      send(header, "a");
      send(preface, "\0");
      web.lookAtHeads();
      for (Socket slow : List.of(silent, line, header, preface)) {
        slow.setSoTimeout(100);
        assertThatThrownBy(() -> readToEnd(slow)).isInstanceOf(SocketTimeoutException.class);
      }
      time.advance(Duration.ofSeconds(1));
      web.lookAtHeads();

      for (Socket slow : List.of(silent, line, header, preface)) {
        slow.setSoTimeout(60_000);
        readToEnd(slow);
      }
      send(idle, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(new String(idle.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .contains("HTTP/1.1 404");
      assertThat(status(client, get(web, "/"))).isEqualTo(404);
    } finally {
      client.dispatcher().executorService().shutdown();
      client.connectionPool().evictAll();
    }
  }

  private WebServer started(Map<String, HttpServlet> servlets) {
    WebServer web = new WebServer(settings(), servlets, time.nanos());
    web.start();
    return web;
  }

  private static Socket connect(WebServer web) throws IOException {
    return new Socket("127.0.0.1", web.address().getPort());
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Until the server has closed it, softly or not. */
  private static void readToEnd(Socket socket) throws IOException {
    try {
      socket.getInputStream().readAllBytes();
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  @Test
  void a_path_that_cannot_be_is_answered_with_a_problem_document() throws Exception {
    try (WebServer web = new WebServer(settings(), Map.of());
        Socket client = new Socket()) {
      web.start();
      client.connect(new java.net.InetSocketAddress("127.0.0.1", web.address().getPort()));
      String request = "GET /api/%2e%2e/v1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(answer)
          .startsWith("HTTP/1.1 400")
          .containsIgnoringCase("content-type: application/problem+json")
          .contains("\"status\":400,\"code\":\"malformed_request\"}");
    }
  }

  private static ServerSettings settings() {
    return new ServerSettings(
        "127.0.0.1",
        0,
        null,
        null,
        null,
        new ServerSettings.Windows(
            Duration.ofSeconds(15), Duration.ofSeconds(65), Duration.ofSeconds(150)),
        null,
        Duration.ZERO);
  }

  private static OkHttpClient http2() {
    Dispatcher dispatcher = new Dispatcher();
    dispatcher.setMaxRequests(2 * STREAMS);
    dispatcher.setMaxRequestsPerHost(2 * STREAMS);
    return new OkHttpClient.Builder()
        .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
        .dispatcher(dispatcher)
        .readTimeout(Duration.ofSeconds(30))
        .build();
  }

  private static Request get(WebServer web, String path) {
    return new Request.Builder().url(web.address().resolve(path).toString()).build();
  }

  private static int status(OkHttpClient client, Request request) throws IOException {
    try (Response response = client.newCall(request).execute()) {
      return response.code();
    }
  }

  /** Sends one byte and leaves the stream open; the answer as status and body. */
  private static CompletableFuture<String> drip(
      OkHttpClient client, URI uri, CountDownLatch written) {
    RequestBody body =
        new RequestBody() {
          @Override
          public MediaType contentType() {
            return MediaType.get("application/json");
          }

          @Override
          public boolean isDuplex() {
            return true;
          }

          /** Or it would be sent again after a 408. */
          @Override
          public boolean isOneShot() {
            return true;
          }

          @Override
          public void writeTo(BufferedSink sink) throws IOException {
            sink.writeUtf8("{").flush();
            written.countDown();
          }
        };
    CompletableFuture<String> answer = new CompletableFuture<>();
    client
        .newCall(new Request.Builder().url(uri.toString()).post(body).build())
        .enqueue(
            new Callback() {
              @Override
              public void onFailure(Call call, IOException e) {
                answer.completeExceptionally(e);
              }

              @Override
              public void onResponse(Call call, Response response) {
                try (response) {
                  answer.complete(response.code() + " " + response.body().string());
                } catch (IOException e) {
                  answer.completeExceptionally(e);
                }
              }
            });
    return answer;
  }
}
