package cx.niro.agent.kubernetes;

import com.google.gson.JsonObject;
import cx.niro.core.snapshot.Capabilities;
import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.core.snapshot.ClusterInfo.ApiHealth;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is true of the cluster as a whole: its uid, its version, and what the agent may do, which is
 * what it was told to do and the API server allows. {@link #refresh} and {@link #refreshAccess} run
 * on one thread at a time; {@link #info} may be called by any thread.
 */
final class ClusterFacts {
  private static final Logger log = LoggerFactory.getLogger(ClusterFacts.class);
  private static final String REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  private static final int VERSION_EVERY = 10;

  private final ApiServer server;
  private final Grants grants;
  private final String namespace;
  private volatile ClusterInfo info = ClusterInfo.EMPTY;

  private @Nullable String uid;
  private @Nullable String version;
  private int failures;
  private int rounds;

  ClusterFacts(ApiServer server, Grants grants, String namespace) {
    this.server = server;
    this.grants = grants;
    this.namespace = namespace;
  }

  ClusterInfo info() {
    return info;
  }

  /** Asks the API server; true when the agent may do more or less than before. */
  boolean refresh() {
    Capabilities before = info.capabilities();
    Capabilities now = before;
    Boolean ready = null;
    try {
      ready = isReady();
      identify();
      now = review();
      failures = 0;
    } catch (ApiFailure e) {
      failures = e.isPassing() ? failures + 1 : 0;
      log.debug("the API server answers with {}: {}", e.code(), e.getMessage());
    } catch (IOException | RuntimeException e) {
      failures++;
      log.debug("the API server does not answer: {}", e.getMessage());
    }
    ApiHealth health = new ApiHealth(failures == 0, ready, failures, server.certificateExpiresAt());
    String distribution = version == null ? null : Distribution.of(version);
    info = new ClusterInfo(null, version, distribution, uid, null, now, health);
    return tellChange(before, now);
  }

  /** Asks only what the agent may do; true when that is more or less than before. */
  boolean refreshAccess() {
    Capabilities before = info.capabilities();
    try {
      Capabilities now = review();
      info = info.withCapabilities(now);
      return tellChange(before, now);
    } catch (IOException | RuntimeException e) {
      log.debug("what the agent may do cannot be asked: {}", e.getMessage());
      return false;
    }
  }

  private static boolean tellChange(Capabilities before, Capabilities now) {
    if (!now.equals(before)) {
      log.info("capabilities are now {}", now.names());
    }
    return !now.equals(before);
  }

  /** Null when the agent may not know: a refusal says nothing about the API server. */
  private @Nullable Boolean isReady() throws IOException {
    try {
      return server.isOk("/readyz");
    } catch (ApiFailure e) {
      return e.isPassing() ? false : null;
    }
  }

  private void identify() throws IOException {
    if (uid == null) {
      Json found = Json.of(server.send(ApiRequest.get("/api/v1/namespaces/kube-system")));
      uid = found.child("metadata").text("uid");
    }
    if (version == null || rounds % VERSION_EVERY == 0) {
      version = Json.of(server.send(ApiRequest.get("/version"))).text("gitVersion");
    }
    rounds++;
  }

  private Capabilities review() throws IOException {
    Set<String> granted = new TreeSet<>();
    if (grants.pods() && may("list", "", "pods", null, null, null)) {
      granted.add(Capabilities.PODS);
    }
    if (grants.logs() && may("get", "", "pods", "log", null, null)) {
      granted.add(Capabilities.LOGS);
    }
    if (grants.apply()
        && may("create", "apps", "deployments", null, null, null)
        && may("patch", "apps", "deployments", null, null, null)) {
      granted.add(Capabilities.APPLY);
    }
    if (grants.selfUpdate() && may("patch", "apps", "deployments", null, namespace, "niro-agent")) {
      granted.add(Capabilities.SELF_UPDATE);
    }
    return new Capabilities(granted);
  }

  private boolean may(
      String verb,
      String group,
      String resource,
      @Nullable String subresource,
      @Nullable String inNamespace,
      @Nullable String name)
      throws IOException {
    JsonObject attributes = new JsonObject();
    attributes.addProperty("verb", verb);
    attributes.addProperty("group", group);
    attributes.addProperty("resource", resource);
    if (subresource != null) {
      attributes.addProperty("subresource", subresource);
    }
    if (name != null) {
      attributes.addProperty("namespace", inNamespace);
      attributes.addProperty("name", name);
    }
    JsonObject spec = new JsonObject();
    spec.add("resourceAttributes", attributes);
    JsonObject review = new JsonObject();
    review.addProperty("apiVersion", "authorization.k8s.io/v1");
    review.addProperty("kind", "SelfSubjectAccessReview");
    review.add("spec", spec);
    JsonObject answer = server.send(ApiRequest.post(REVIEWS, review));
    return Boolean.TRUE.equals(Json.of(answer).child("status").flag("allowed"));
  }
}
