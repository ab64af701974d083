package cx.niro.agent.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.ErrorCode;
import cx.niro.core.protocol.CommandResult;
import cx.niro.core.protocol.DecodingException;
import cx.niro.core.protocol.EnrollRequest;
import cx.niro.core.protocol.Goodbye;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.protocol.KeyRequest;
import cx.niro.core.protocol.Limits;
import cx.niro.core.protocol.LogPiece;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.protocol.PollRequest;
import cx.niro.core.protocol.Problem;
import cx.niro.core.protocol.Protocol;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A Niro server for tests of agents: in this process, on a free port of the loopback address,
 * without a database, and with {@link Trouble} on demand. It keeps to the protocol but leaves out
 * what only concerns a server: expiry, leases, limits.
 */
public final class FakeServer implements AutoCloseable {
  private static final NiroCodec CODEC = NiroCodec.create();
  private static final String BEARER = "Bearer ";

  private final Map<ClusterId, FakeCluster> clusters = new ConcurrentHashMap<>();
  private final Map<String, Deque<Trouble>> troubles = new ConcurrentHashMap<>();
  private volatile Consumer<String> ear = body -> {};
  private final @Nullable HttpServer http;
  private final @Nullable ExecutorService threads;

  private FakeServer(@Nullable HttpServer http, @Nullable ExecutorService threads) {
    this.http = http;
    this.threads = threads;
  }

  /** A server that listens. */
  public static FakeServer start() {
    try {
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      HttpServer http = HttpServer.create(address, 0);
      ExecutorService threads = Executors.newCachedThreadPool();
      FakeServer server = new FakeServer(http, threads);
      http.setExecutor(threads);
      http.createContext("/", server::serve);
      http.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A server without a port, for whoever calls {@link #handle}. */
  public static FakeServer withoutPort() {
    return new FakeServer(null, null);
  }

  /** For {@code NiroAgent.builder}. */
  public String url() {
    return http == null ? "http://localhost" : "http://localhost:" + http.getAddress().getPort();
  }

  /** A new cluster, with a token to enroll it. */
  public FakeCluster newCluster() {
    FakeCluster cluster = new FakeCluster(new ClusterId("cluster-" + (clusters.size() + 1)));
    clusters.put(cluster.id(), cluster);
    return cluster;
  }

  /**
   * Hands over every body that agents send from now on, as text; from their connections' threads.
   */
  public void overhear(Consumer<String> listener) {
    ear = listener;
  }

  /** Does {@code trouble} to the next request to {@code path}; several queue up. */
  public void next(String path, Trouble trouble) {
    Deque<Trouble> queue = troubles.computeIfAbsent(path, key -> new ArrayDeque<>());
    synchronized (queue) {
      queue.add(trouble);
    }
  }

  /**
   * What the server answers; a poll's answer comes when something is due or another poll replaces
   * it.
   *
   * @param body decompressed
   */
  public CompletableFuture<FakeAnswer> handle(
      String path, @Nullable String authorization, byte[] body) {
    ear.accept(new String(body, StandardCharsets.UTF_8));
    Trouble trouble = nextTrouble(path);
    if (trouble == null) {
      return usual(path, authorization, body);
    }
    ErrorCode error = trouble.error();
    if (error != null) {
      return CompletableFuture.completedFuture(
          FakeAnswer.problem(error, "made to fail", trouble.retryAfterSeconds()));
    }
    if (trouble.processed()) {
      usual(path, authorization, body).join();
    }
    return CompletableFuture.completedFuture(FakeAnswer.lost());
  }

  private @Nullable Trouble nextTrouble(String path) {
    Deque<Trouble> queue = troubles.getOrDefault(path, new ArrayDeque<>());
    synchronized (queue) {
      return queue.poll();
    }
  }

  private CompletableFuture<FakeAnswer> usual(
      String path, @Nullable String authorization, byte[] body) {
    try {
      if (path.equals(Protocol.ENROLL)) {
        return CompletableFuture.completedFuture(enroll(decode(EnrollRequest.class, body)));
      }
      String key =
          authorization != null && authorization.startsWith(BEARER)
              ? authorization.substring(BEARER.length())
              : "";
      Optional<FakeCluster> cluster =
          clusters.values().stream().filter(one -> one.knows(key)).findFirst();
      if (cluster.isEmpty()) {
        return CompletableFuture.completedFuture(
            FakeAnswer.problem(ErrorCode.KEY_UNKNOWN, "unknown key", null));
      }
      FakeAnswer refusal = cluster.get().authenticate(key);
      return refusal != null
          ? CompletableFuture.completedFuture(refusal)
          : authenticated(cluster.get(), path, body);
    } catch (DecodingException e) {
      return CompletableFuture.completedFuture(
          FakeAnswer.problem(e.code(), String.valueOf(e.getMessage()), null));
    }
  }

  private FakeAnswer enroll(EnrollRequest request) {
    return clusters.values().stream()
        .filter(one -> one.hasToken(request.token()))
        .findFirst()
        .map(one -> one.enroll(request))
        .orElseGet(() -> FakeAnswer.problem(ErrorCode.TOKEN_UNKNOWN, "unknown token", null));
  }

  private CompletableFuture<FakeAnswer> authenticated(
      FakeCluster cluster, String path, byte[] body) {
    if (path.equals(Protocol.POLL)) {
      return cluster.poll(decode(PollRequest.class, body));
    }
    FakeAnswer answer;
    if (path.startsWith(Protocol.STREAMS)) {
      CommandId stream = new CommandId(path.substring(Protocol.STREAMS.length()));
      answer = cluster.piece(stream, decode(LogPiece.class, body));
    } else if (path.equals(Protocol.HEARTBEAT)) {
      answer = cluster.heartbeat(decode(Heartbeat.class, body));
    } else if (path.equals(Protocol.KEYS)) {
      answer = cluster.newKey(decode(KeyRequest.class, body));
    } else if (path.equals(Protocol.GOODBYE)) {
      answer = cluster.goodbye(decode(Goodbye.class, body).reason());
    } else if (path.startsWith(Protocol.COMMANDS) && path.endsWith(Protocol.RESULT_SUFFIX)) {
      String id =
          path.substring(
              Protocol.COMMANDS.length(), path.length() - Protocol.RESULT_SUFFIX.length());
      answer = cluster.result(new CommandId(id), decode(CommandResult.class, body));
    } else {
      answer = FakeAnswer.problem(ErrorCode.NOT_FOUND, path, null);
    }
    return CompletableFuture.completedFuture(answer);
  }

  private static <T> T decode(Class<T> type, byte[] body) {
    return CODEC.decode(type, new ByteArrayInputStream(body), Limits.HEARTBEAT_BYTES);
  }

  private void serve(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    try (exchange;
        InputStream in = exchange.getRequestBody()) {
      boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
      byte[] body = gzip ? new GZIPInputStream(in).readAllBytes() : in.readAllBytes();
      String authorization = exchange.getRequestHeaders().getFirst("Authorization");
      FakeAnswer answer = await(handle(path, authorization, body), path, body);
      if (answer.status() == 0) {
        return;
      }
      byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange
          .getResponseHeaders()
          .set("Content-Type", answer.status() < 300 ? "application/json" : Problem.MEDIA_TYPE);
      if (answer.retryAfterSeconds() != null) {
        exchange.getResponseHeaders().set("Retry-After", "" + answer.retryAfterSeconds());
      }
      exchange.sendResponseHeaders(answer.status(), bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  /** Only a poll makes anybody wait, as long as it asked for. */
  private static FakeAnswer await(CompletableFuture<FakeAnswer> answer, String path, byte[] body) {
    int seconds =
        path.equals(Protocol.POLL)
            ? Optional.ofNullable(decode(PollRequest.class, body).waitSeconds()).orElse(30)
            : 10;
    try {
      return answer.get(seconds, TimeUnit.SECONDS);
    } catch (TimeoutException nothingDue) {
      return new FakeAnswer(200, "{}", null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FakeAnswer.lost();
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Stops listening; connections end at once. */
  @Override
  public void close() {
    if (http != null && threads != null) {
      http.stop(0);
      threads.shutdownNow();
    }
  }
}
