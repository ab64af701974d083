package cx.niro.server.notify;

import cx.niro.server.spi.Outcome;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import okhttp3.ConnectionPool;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Posts JSON to allowed targets and says what came of it: no redirects, no proxy, 10 s for all of a
 * call, nothing of the response but its status and {@code Retry-After}. What went wrong is told
 * without the address, whose path may be a secret.
 */
final class HttpDoor {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration CALL = Duration.ofSeconds(10);
  private static final int IDLE_CONNECTIONS = 8;
  private static final MediaType JSON = MediaType.get("application/json");

  /** Parsers take the first part of a path for a host that is not there. */
  private static final Pattern WITH_HOST =
      Pattern.compile("\\s*https?://[^/\\\\?#]", Pattern.CASE_INSENSITIVE);

  private final AllowedTargets allowed;
  private final InstantSource clock;
  private @Nullable OkHttpClient client;

  HttpDoor(AllowedTargets allowed, InstantSource clock) {
    this.allowed = allowed;
    this.clock = clock;
  }

  /**
   * @throws IllegalArgumentException says what is wrong with the URL without repeating it
   */
  void check(String url) {
    HttpUrl parsed = HttpUrl.parse(url);
    if (parsed == null || !WITH_HOST.matcher(url).lookingAt()) {
      throw new IllegalArgumentException("url must be an https:// address with a host");
    }
    if (!parsed.isHttps() && !allowed.names(parsed.host())) {
      throw new IllegalArgumentException(
          "url must be https, unless the operator allows the host " + parsed.host());
    }
    if (!parsed.username().isEmpty() || !parsed.password().isEmpty()) {
      throw new IllegalArgumentException("url must have no user and no password");
    }
    if (!allowed.mayAllow(parsed.host())) {
      throw new IllegalArgumentException("url must not name an address that is not public");
    }
  }

  Outcome post(Message message) {
    try {
      check(message.url());
    } catch (IllegalArgumentException e) {
      return Outcome.refused(String.valueOf(e.getMessage()));
    }
    Request.Builder request = new Request.Builder().url(message.url()).header("user-agent", "niro");
    message.headers().forEach(request::header);
    request.post(RequestBody.create(message.body().getBytes(StandardCharsets.UTF_8), JSON));
    try (Response response = client().newCall(request.build()).execute()) {
      return outcome(response);
    } catch (GuardedSockets.RefusedException e) {
      return Outcome.refused("the target has an address that is not public");
    } catch (IOException e) {
      return Outcome.retry(why(e), null);
    }
  }

  private Outcome outcome(Response response) {
    int status = response.code();
    if (status >= 200 && status < 300) {
      return Outcome.sent();
    }
    String why = "the target answered " + status;
    boolean later = status >= 500 || status == 408 || status == 425 || status == 429;
    if (later) {
      return Outcome.retry(why, RetryAfter.parse(response.header("retry-after"), clock.instant()));
    }
    return Outcome.refused(status < 400 ? why + "; redirects are not followed" : why);
  }

  private static String why(IOException e) {
    if (e instanceof InterruptedIOException) {
      return "no answer within " + CALL.toSeconds() + " s";
    }
    if (e instanceof UnknownHostException) {
      return "the target's name cannot be resolved";
    }
    return e instanceof SSLException
        ? "no TLS connection: " + e.getMessage()
        : "the connection failed: " + e.getClass().getSimpleName();
  }

  private synchronized OkHttpClient client() {
    OkHttpClient made = client;
    if (made == null) {
      made =
          new OkHttpClient.Builder()
              .followRedirects(false)
              .followSslRedirects(false)
              .retryOnConnectionFailure(false)
              .proxy(Proxy.NO_PROXY)
              .dns(this::lookup)
              .socketFactory(new GuardedSockets(allowed))
              .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, 1, TimeUnit.MINUTES))
              .connectTimeout(CONNECT)
              .readTimeout(CALL)
              .writeTimeout(CALL)
              .callTimeout(CALL)
              .build();
      client = made;
    }
    return made;
  }

  /** Addresses that may be connected to; the socket looks again at the one that it is given. */
  private List<InetAddress> lookup(String host) throws UnknownHostException {
    List<InetAddress> all = Dns.SYSTEM.lookup(host);
    List<InetAddress> some = all.stream().filter(address -> allowed.allows(host, address)).toList();
    if (some.isEmpty() && !all.isEmpty()) {
      throw new GuardedSockets.RefusedException();
    }
    return some;
  }

  synchronized void close() {
    OkHttpClient made = client;
    if (made != null) {
      made.dispatcher().cancelAll();
      made.connectionPool().evictAll();
    }
  }
}
