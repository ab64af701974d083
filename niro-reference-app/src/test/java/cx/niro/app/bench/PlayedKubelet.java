package cx.niro.app.bench;

import cx.niro.app.Json;
import cx.niro.app.SystemTime;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Runs the pods of the agent's Deployment on an API server that has no kubelet: binds each, starts
 * an agent for it in this process, marks it ready when the agent says so, and ends it when the pod
 * is deleted.
 */
final class PlayedKubelet implements AutoCloseable {
  /** How an agent is run. */
  interface Runs {
    /** Starts one; whatever is returned is closed when its pod ends. */
    AutoCloseable start(Runnable ready) throws Exception;
  }

  private static final String PODS = "/api/v1/namespaces/niro-system/pods";
  private static final Duration LOOK = Duration.ofMillis(200);

  private final URI server;
  private final String token;
  private final HttpClient client;
  private final Runs runs;
  private final String unpullable;
  private final Map<String, AutoCloseable> running = new HashMap<>();
  private final Set<String> known = new HashSet<>();
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(SystemTime.daemons("kubelet"));
  private final ExecutorService ends = Executors.newCachedThreadPool(SystemTime.daemons("sigterm"));

  /**
   * @param kubeconfig of an administrator with a token
   * @param unpullable pods of this image never start
   */
  PlayedKubelet(String kubeconfig, String unpullable, Runs runs) {
    this.server = URI.create(found(kubeconfig, "server: *(\\S+)"));
    this.token = found(kubeconfig, "token: *\"?([^\"\\s]+)");
    this.client = client(found(kubeconfig, "certificate-authority-data: *(\\S+)"));
    this.unpullable = unpullable;
    this.runs = runs;
  }

  void start() {
    looks.scheduleWithFixedDelay(this::look, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static String found(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    if (!matcher.find()) {
      throw new IllegalArgumentException("the kubeconfig has no " + pattern);
    }
    return matcher.group(1);
  }

  private static HttpClient client(String authority) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      byte[] pem = Base64.getDecoder().decode(authority);
      CertificateFactory certificates = CertificateFactory.getInstance("X.509");
      store.setCertificateEntry(
          "ca", certificates.generateCertificate(new ByteArrayInputStream(pem)));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return HttpClient.newBuilder().sslContext(context).build();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A call as the administrator; gives what came back, whatever its status. */
  Map<?, ?> call(String method, String path, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(Duration.ofSeconds(20))
            .header("authorization", "Bearer " + token)
            .method(method, BodyPublishers.ofString(body));
    boolean patch = method.equals("PATCH");
    request.header("content-type", patch ? "application/merge-patch+json" : "application/json");
    try {
      HttpResponse<String> answer =
          client.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
      return Json.parse(answer.body()) instanceof Map<?, ?> object ? object : Map.of();
    } catch (IOException e) {
      return Map.of();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What is at a path of names; lists by number. */
  static Object at(Object value, Object... path) {
    Object now = value;
    for (Object step : path) {
      if (now instanceof Map<?, ?> map) {
        now = map.get(step);
      } else if (now instanceof List<?> list && step instanceof Integer i && i < list.size()) {
        now = list.get(i);
      } else {
        return null;
      }
    }
    return now;
  }

  private void look() {
    try {
      Object items =
          at(call("GET", PODS + "?labelSelector=app.kubernetes.io/name=niro-agent", ""), "items");
      if (!(items instanceof List<?> pods)) {
        return;
      }
      Set<String> there = new HashSet<>();
      for (Object pod : pods) {
        String name = String.valueOf(at(pod, "metadata", "name"));
        there.add(name);
        boolean ends = at(pod, "metadata", "deletionTimestamp") != null;
        if (ends) {
          end(name);
        } else if (known.add(name)) {
          begin(name, String.valueOf(at(pod, "spec", "containers", 0, "image")));
        }
      }
      Set.copyOf(running.keySet()).stream()
          .filter(name -> !there.contains(name))
          .forEach(this::end);
    } catch (Exception e) {
      System.out.println("the kubelet stumbled: " + e);
    }
  }

  private void begin(String name, String image) throws Exception {
    call(
        "POST",
        PODS + "/" + name + "/binding",
        "{\"apiVersion\":\"v1\",\"kind\":\"Binding\",\"metadata\":{\"name\":\""
            + name
            + "\"},\"target\":{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"name\":\"played\"}}");
    if (image.equals(unpullable)) {
      status(
          name,
          "\"phase\":\"Pending\",\"containerStatuses\":[{\"name\":\"agent\",\"image\":\"x\",\"imageID\":\"\",\"ready\":false,"
              + "\"restartCount\":0,\"state\":{\"waiting\":{\"reason\":\"ImagePullBackOff\",\"message\":\"Back-off\"}}}]");
      return;
    }
    running.put(name, runs.start(() -> looks.execute(() -> ready(name))));
  }

  private void ready(String name) {
    status(
        name,
        "\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\",\"lastTransitionTime\":\"2026-01-05T08:00:00Z\"}]");
  }

  private void status(String pod, String status) {
    call("PATCH", PODS + "/" + pod + "/status", "{\"status\":{" + status + "}}");
  }

  /** SIGTERM, and the pod goes when its process has gone. */
  private void end(String name) {
    AutoCloseable agent = running.remove(name);
    ends.execute(
        () -> {
          try {
            if (agent != null) {
              agent.close();
            }
          } catch (Exception e) {
            System.out.println("an agent did not end: " + e);
          }
          call("DELETE", PODS + "/" + name, "{\"gracePeriodSeconds\":0}");
        });
  }

  @Override
  public void close() throws Exception {
    looks.shutdownNow();
    var unused = looks.awaitTermination(10, TimeUnit.SECONDS);
    for (AutoCloseable agent : running.values()) {
      agent.close();
    }
    ends.shutdown();
    var ended = ends.awaitTermination(10, TimeUnit.SECONDS);
  }
}
