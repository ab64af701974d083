package cx.niro.agent.kubernetes;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import cx.niro.agent.testkit.FakeKubernetes;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An API server that tests write to as an administrator, stand-in or real. Everything happens in a
 * namespace of its own, and what a test made is removed when it closes.
 */
final class TestCluster implements AutoCloseable {
  /** Names a kubeconfig with an administrator's token; tests against a real API server need it. */
  static final String VARIABLE = "NIRO_TEST_KUBECONFIG";

  private final String kubeconfig;
  private final @Nullable FakeKubernetes fake;
  private final ApiServer admin;
  private final String id = "niro-test-" + UUID.randomUUID().toString().substring(0, 8);
  private final Deque<String> made = new ArrayDeque<>();

  private TestCluster(String kubeconfig, @Nullable FakeKubernetes fake) throws IOException {
    this.kubeconfig = kubeconfig;
    this.fake = fake;
    this.admin = new ApiServer(client(kubeconfig));
    create("/api/v1/namespaces", "{'metadata':{'name':'%s'}}".formatted(id));
  }

  static TestCluster fake() throws IOException {
    FakeKubernetes fake = FakeKubernetes.start();
    return new TestCluster(fake.kubeconfig(), fake);
  }

  static TestCluster real() throws IOException {
    return new TestCluster(Files.readString(Path.of(System.getenv(VARIABLE))), null);
  }

  static ApiClient client(String kubeconfig) throws IOException {
    return ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(new StringReader(kubeconfig)))
        .build();
  }

  boolean isReal() {
    return fake == null;
  }

  FakeKubernetes stand() {
    if (fake == null) {
      throw new IllegalStateException("only the stand-in can be told what to do");
    }
    return fake;
  }

  /** A client with all permissions. */
  ApiClient client() throws IOException {
    return client(kubeconfig);
  }

  /** The same cluster with another token. */
  ApiClient client(String name, String token) throws IOException {
    return client(
        kubeconfig
            .replaceAll("token: .*", "token: \"" + token + "\"")
            .replace("admin-token", name));
  }

  ApiServer admin() {
    return admin;
  }

  /** The namespace of this test; also a prefix for names of what has no namespace. */
  String namespace() {
    return id;
  }

  /** In the namespace of this test, for example {@code in("/api/v1", "pods")}. */
  String in(String version, String resource) {
    return version + "/namespaces/" + id + "/" + resource;
  }

  /** Creates an object; {@code json} may use single quotes. */
  Json create(String collection, String json) throws IOException {
    JsonObject object = parse(json);
    Json stored = Json.of(admin.send(ApiRequest.post(collection, object)));
    made.push(collection + "/" + stored.child("metadata").name("name"));
    return stored;
  }

  /** Removes at the end what the agent made, if it is still there. */
  void removeLater(String path) {
    made.push(path);
  }

  void patch(String path, String json) throws IOException {
    admin.send(ApiRequest.mergePatch(path, parse(json)));
  }

  void delete(String path) throws IOException {
    JsonObject now = parse("{'gracePeriodSeconds':0}");
    admin.send(new ApiRequest("DELETE", path, java.util.Map.of(), "application/json", now));
  }

  void pod(String name, String metadata, String spec) throws IOException {
    create(
        in("/api/v1", "pods"),
        "{'metadata':{'name':'%s',%s},'spec':{%s'containers':[{'name':'app','image':'example/app:1','resources':{'requests':{'cpu':'100m','memory':'64Mi'}}}]}}"
            .formatted(name, metadata.isEmpty() ? "'labels':{}" : metadata, spec));
  }

  /** Waits for the pod that a controller makes for this owner and gives its name. */
  String podOf(String owner) throws IOException {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (true) {
      for (String name :
          Json.of(admin.send(ApiRequest.get(in("/api/v1", "pods"))))
              .list("items", pod -> pod.child("metadata").name("name"))) {
        if (name.startsWith(owner + "-")) {
          return name;
        }
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("no controller made a pod of " + owner);
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  /** A node that is Ready; gives its name. */
  String node(String suffix) throws IOException {
    String name = id + "-" + suffix;
    create(
        "/api/v1/nodes",
        "{'metadata':{'name':'%s','labels':{'node-role.kubernetes.io/control-plane':'true','team':'blue'}},'spec':{}}"
            .formatted(name));
    patch(
        "/api/v1/nodes/" + name + "/status",
        """
        {'status':{
          'capacity':{'cpu':'4','memory':'8Gi','pods':'110','ephemeral-storage':'100G'},
          'allocatable':{'cpu':'3900m','memory':'7Gi','pods':'110'},
          'nodeInfo':{'kubeletVersion':'v1.34.2+k3s1','osImage':'Test OS','architecture':'amd64','bootID':'boot-1',
            'machineID':'','systemUUID':'','kernelVersion':'6.1','containerRuntimeVersion':'containerd://2','kubeProxyVersion':'','operatingSystem':'linux'},
          'conditions':[{'type':'Ready','status':'True','reason':'KubeletReady','message':'up',
            'lastHeartbeatTime':'2026-01-05T08:00:00Z','lastTransitionTime':'2026-01-05T08:00:00Z'}]}}
        """);
    return name;
  }

  @Override
  public void close() {
    for (String path : made) {
      try {
        delete(path);
      } catch (IOException e) {
        // Already gone.
      }
    }
    admin.close();
    if (fake != null) {
      fake.close();
    }
  }

  static JsonObject parse(String json) {
    return JsonParser.parseString(json).getAsJsonObject();
  }
}
