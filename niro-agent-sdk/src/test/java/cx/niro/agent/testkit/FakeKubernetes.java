package cx.niro.agent.testkit;

import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * An API server in this process, as far as an agent can tell: lists in pages with continue tokens,
 * watches with bookmarks and 410, resource versions, merge patches, the status subresource,
 * Secrets, access reviews with scripted permissions, and a scripted metrics API. Nothing behind it
 * acts: no controller, no scheduler, no kubelet, no admission, no validation. It listens on
 * loopback over plain HTTP and counts what it is asked.
 *
 * <p>{@link #start} it, {@link #put} objects, give {@link #kubeconfig} to the agent. Any thread may
 * call any method.
 */
public final class FakeKubernetes implements AutoCloseable {
  /** Who the one caller is, in the words of a refusal. */
  public static final String USER = "system:serviceaccount:niro-system:niro-agent";

  /** A request that came in; a watch is listed when it begins. */
  public record Request(Instant at, String verb, String path, String query, int status) {}

  private final FakeObjects objects = new FakeObjects();
  private final FakeRbac rbac = new FakeRbac();
  private final FakeApi api = new FakeApi(objects, rbac);
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final ExecutorService threads;
  private HttpServer server;
  private volatile String token = "fake-token";

  private FakeKubernetes(ExecutorService threads) {
    this.threads = threads;
    this.server = listen(0);
  }

  /** Listens on a free port of the loopback interface. */
  public static FakeKubernetes start() {
    FakeKubernetes fake =
        new FakeKubernetes(
            Executors.newCachedThreadPool(
                work -> {
                  Thread thread = new Thread(work, "fake-kubernetes");
                  thread.setDaemon(true);
                  return thread;
                }));
    fake.put("{'kind':'Namespace','metadata':{'name':'kube-system'}}");
    fake.put("{'kind':'Namespace','metadata':{'name':'niro-system'}}");
    return fake;
  }

  /** The address of the API, without a path. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** A kubeconfig file that leads here. */
  public String kubeconfig() {
    return """
        apiVersion: v1
        kind: Config
        current-context: fake
        clusters: [{name: fake, cluster: {server: "%s"}}]
        users: [{name: fake, user: {token: "%s"}}]
        contexts: [{name: fake, context: {cluster: fake, user: fake, namespace: niro-system}}]
        """
        .formatted(url(), token);
  }

  /**
   * Creates or replaces an object, status included; {@code kind} and {@code metadata.name} are
   * needed, a namespace defaults to {@code default}.
   *
   * @param json may use single quotes
   * @return the object as stored
   */
  public String put(String json) {
    JsonObject object = FakeObjects.parse(json);
    FakeKind kind = FakeKind.named(object.get("kind").getAsString());
    object.addProperty("apiVersion", kind.apiVersion());
    return objects.put(kind.collection(), namespaceOf(kind, object), object).toString();
  }

  /** The object as stored, or null. */
  public @Nullable String get(String kind, @Nullable String namespace, String name) {
    JsonObject found = objects.get(FakeKind.named(kind).collection(), namespace, name);
    return found == null ? null : found.toString();
  }

  /** Removes an object; one that is not there stays away. */
  public void delete(String kind, @Nullable String namespace, String name) {
    objects.delete(FakeKind.named(kind).collection(), namespace, name);
  }

  /** From now on {@code verb} on {@code resource} is answered 403; either may be {@code *}. */
  public void forbid(String verb, String resource) {
    rbac.deny(verb, resource);
  }

  /** Takes one {@link #forbid} back. */
  public void allow(String verb, String resource) {
    rbac.allow(verb, resource);
  }

  /** Whether the metrics API answers (it does not at first); its objects come from {@link #put}. */
  public void serveMetrics(boolean served) {
    api.serveMetrics(served);
  }

  /** Ends every list that has more pages: the next page is answered 410. */
  public void expireContinueTokens() {
    api.expireContinueTokens();
  }

  /** Forgets all history: a watch from a version before now is answered 410. */
  public void compact() {
    objects.compact();
  }

  /** Sends a bookmark to every watch that asked for bookmarks. */
  public void sendBookmarks() {
    api.sendBookmarks();
  }

  /**
   * Adds a line to a container's log; whoever follows it has it at once.
   *
   * @param pod {@code namespace/name}
   */
  public void log(String pod, String container, String line) {
    logBytes(pod, container, (line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** The same for bytes of any kind, without a line feed behind them. */
  public void logBytes(String pod, String container, byte[] bytes) {
    api.logs().add(pod, container, bytes);
  }

  /** The container ends: what it has written is its previous log, and followers are at the end. */
  public void endLog(String pod, String container) {
    api.logs().restart(pod, container);
  }

  /** How many logs are being read at the moment. */
  public int logReaders() {
    return api.logs().followers();
  }

  /** Cuts the connection of every running watch and followed log, without an end. */
  public void breakConnections() {
    api.logs().breakAll();
    api.breakWatches();
  }

  /** Closes the port and every connection, until {@link #goUp}. */
  public synchronized void goDown() {
    api.breakWatches();
    server.stop(0);
  }

  /** Listens again, on the same port. */
  public synchronized void goUp() {
    server = listen(server.getAddress().getPort());
  }

  /** Another token than this is answered 401. */
  public void acceptToken(String accepted) {
    token = accepted;
  }

  /** How many watches run at the moment. */
  public int watches() {
    return api.watches();
  }

  /** What was asked since the start or the last {@link #clearRequests}. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Starts the count anew. */
  public void clearRequests() {
    requests.clear();
  }

  @Override
  public void close() {
    goDown();
    threads.shutdownNow();
  }

  private static @Nullable String namespaceOf(FakeKind kind, JsonObject object) {
    if (!kind.namespaced()) {
      return null;
    }
    JsonObject meta = object.getAsJsonObject("metadata");
    return meta.has("namespace") ? meta.get("namespace").getAsString() : "default";
  }

  private HttpServer listen(int port) {
    try {
      HttpServer made =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      made.createContext("/", this::handle);
      made.setExecutor(threads);
      made.start();
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    URI uri = exchange.getRequestURI();
    FakeRequestPath path = FakeRequestPath.parse(uri.getPath(), uri.getRawQuery());
    try {
      if (!("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        throw new FakeFailure(401, "Unauthorized", "Unauthorized");
      }
      if (path != null && path.isWatch()) {
        api.openWatch(path);
        count(exchange, path, 200);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        api.watch(path, exchange.getResponseBody());
        exchange.close();
        return;
      }
      if (path != null && path.isLog()) {
        log(exchange, path);
        return;
      }
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      answer(exchange, path, api.answer(exchange, path, body));
    } catch (FakeFailure failure) {
      String body = failure.isPlain() ? failure.getMessage() : failure.status().toString();
      answer(exchange, path, new FakeApi.Answer(failure.code(), body));
    }
  }

  private void log(HttpExchange exchange, FakeRequestPath path) throws IOException {
    String key = api.openLog(path);
    count(exchange, path, 200);
    exchange.getResponseHeaders().set("Content-Type", "text/plain");
    exchange.sendResponseHeaders(200, 0);
    api.logs().stream(path, key, exchange.getResponseBody());
    exchange.close();
  }

  private void answer(HttpExchange exchange, @Nullable FakeRequestPath path, FakeApi.Answer answer)
      throws IOException {
    count(exchange, path, answer.code());
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    String type = answer.body().startsWith("{") ? "application/json" : "text/plain; charset=utf-8";
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(answer.code(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void count(HttpExchange exchange, @Nullable FakeRequestPath path, int status) {
    URI uri = exchange.getRequestURI();
    String method = exchange.getRequestMethod();
    String verb = path == null ? "get" : path.verb(method);
    String query = uri.getQuery() == null ? "" : uri.getQuery();
    requests.add(new Request(Instant.now(), verb, uri.getPath(), query, status));
  }
}
