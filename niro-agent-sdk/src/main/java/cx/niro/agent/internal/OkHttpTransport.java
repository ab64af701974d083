package cx.niro.agent.internal;

import cx.niro.agent.AgentOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;
import okhttp3.Callback;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.Credentials;
import okhttp3.Dispatcher;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * The transport over okhttp. Each agent has its own connections, so that a fleet in one process
 * looks to a server as it would from many.
 */
final class OkHttpTransport implements Transport {
  /**
   * A dead HTTP/2 connection is noticed after at most two of these, and before that by a beat that
   * is not answered: okhttp then asks whether the connection lives.
   */
  static final Duration PING_INTERVAL = Duration.ofSeconds(30);

  static final int GZIP_FROM_BYTES = 1024;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);
  private static final int MOST_CALLS = 256;
  private static final MediaType JSON = MediaType.get("application/json");

  private final AgentOptions options;
  private final Dispatcher dispatcher;
  private final String userAgent;
  private volatile OkHttpClient client;

  OkHttpTransport(AgentOptions options, ExecutorService network) {
    this.options = options;
    userAgent = "niro-agent/" + options.agentVersion().replaceAll("[^\\x21-\\x7e]", "?");
    dispatcher = new Dispatcher(network);
    dispatcher.setMaxRequests(MOST_CALLS);
    dispatcher.setMaxRequestsPerHost(MOST_CALLS);
    client = fresh();
  }

  private OkHttpClient fresh() {
    boolean plain = options.serverUrl().getScheme().equals("http");
    OkHttpClient.Builder builder =
        (plain ? new OkHttpClient.Builder() : SystemTrust.CLIENT.newBuilder())
            .dispatcher(dispatcher)
            .socketFactory(new PromptSockets())
            .connectionPool(new ConnectionPool(4, 5, TimeUnit.MINUTES))
            .connectTimeout(CONNECT_TIMEOUT)
            .readTimeout(READ_TIMEOUT)
            .writeTimeout(READ_TIMEOUT)
            .pingInterval(PING_INTERVAL)
            .followRedirects(false)
            .followSslRedirects(false);
    if (plain) {
      builder.connectionSpecs(List.of(ConnectionSpec.CLEARTEXT));
    }
    if (plain && options.http2PriorKnowledge()) {
      builder.protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
    }
    proxy(builder);
    options.caBundle().map(ExtraTrust::of).ifPresent(trust -> trust(builder, trust));
    return builder.build();
  }

  /**
   * Holds the system's authorities: reading them takes tens of milliseconds, so it is done once.
   */
  private static final class SystemTrust {
    static final OkHttpClient CLIENT = new OkHttpClient();
  }

  private void proxy(OkHttpClient.Builder builder) {
    Optional<ProxyRules.HttpProxy> proxy =
        ProxyRules.proxyFor(options.serverUrl(), options.proxy().orElse(null), options.noProxy());
    if (proxy.isEmpty()) {
      builder.proxy(Proxy.NO_PROXY);
      return;
    }
    InetSocketAddress address =
        InetSocketAddress.createUnresolved(proxy.get().host(), proxy.get().port());
    builder.proxy(new Proxy(Proxy.Type.HTTP, address));
    String userInfo = proxy.get().userInfo();
    if (userInfo != null) {
      int colon = Math.max(userInfo.indexOf(':'), 0);
      String credentials =
          Credentials.basic(userInfo.substring(0, colon), userInfo.substring(colon + 1));
      builder.proxyAuthenticator(
          (route, response) ->
              response.request().header("Proxy-Authorization") != null
                  ? null
                  : response
                      .request()
                      .newBuilder()
                      .header("Proxy-Authorization", credentials)
                      .build());
    }
  }

  private static void trust(OkHttpClient.Builder builder, X509TrustManager trust) {
    SSLContext context = ExtraTrust.context(trust);
    builder.sslSocketFactory(context.getSocketFactory(), trust);
  }

  @Override
  public CompletableFuture<Answer> send(Call call) {
    CompletableFuture<Answer> future = new CompletableFuture<>();
    try {
      OkHttpClient now = client;
      OkHttpClient patient =
          call.parks() ? now.newBuilder().readTimeout(Duration.ZERO).build() : now;
      okhttp3.Call sent = patient.newCall(request(call));
      sent.timeout().timeout(call.patience().toNanos(), TimeUnit.NANOSECONDS);
      sent.enqueue(new Reader(call.answerBytes(), future));
    } catch (IOException | RuntimeException e) {
      future.completeExceptionally(e);
    }
    return future;
  }

  private Request request(Call call) throws IOException {
    Request.Builder request =
        new Request.Builder()
            .url(options.serverUrl() + call.path())
            .header("User-Agent", userAgent)
            .header("Accept", "application/json");
    String key = call.key();
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    byte[] body = call.body();
    if (body.length >= GZIP_FROM_BYTES) {
      request.header("Content-Encoding", "gzip");
      body = gzip(body);
    }
    return request.post(RequestBody.create(body, JSON)).build();
  }

  private static byte[] gzip(byte[] body) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream(body.length / 4);
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(body);
    }
    return packed.toByteArray();
  }

  @Override
  public void rebuild() {
    OkHttpClient old = client;
    client = fresh();
    dispatcher.cancelAll();
    old.connectionPool().evictAll();
  }

  @Override
  public void close() {
    dispatcher.cancelAll();
    client.connectionPool().evictAll();
  }

  private record Reader(long limit, CompletableFuture<Answer> future) implements Callback {
    @Override
    public void onFailure(okhttp3.Call call, IOException e) {
      future.completeExceptionally(e);
    }

    @Override
    public void onResponse(okhttp3.Call call, Response response) {
      try (response) {
        future.complete(
            new Answer(
                response.code(), body(response), retryAfter(response.header("Retry-After"))));
      } catch (IOException | RuntimeException e) {
        future.completeExceptionally(e);
      }
    }

    private byte[] body(Response response) throws IOException {
      try (InputStream in = response.body().byteStream()) {
        byte[] bytes = in.readNBytes((int) Math.min(limit + 1, Integer.MAX_VALUE - 8));
        if (bytes.length > limit) {
          throw new IOException("the answer is larger than the " + limit + " bytes allowed");
        }
        return bytes;
      }
    }
  }

  /** In whole seconds; a date is not understood, for it would need clocks that agree. */
  static @Nullable Duration retryAfter(@Nullable String header) {
    if (header == null || !header.strip().matches("\\d{1,6}")) {
      return null;
    }
    return Duration.ofSeconds(Long.parseLong(header.strip()));
  }
}
