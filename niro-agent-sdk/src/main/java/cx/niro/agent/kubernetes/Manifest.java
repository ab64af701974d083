package cx.niro.agent.kubernetes;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import cx.niro.core.managed.ManifestObject;
import cx.niro.core.managed.ObjectRef;
import cx.niro.core.managed.ObjectSource;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One object that a deployment wants, ready to be applied: with its namespace, marked as the
 * deployment's, and Secrets in the one form that the API server keeps.
 *
 * @param resource null while no API server serves the kind
 * @param object not to be changed
 */
record Manifest(
    ObjectRef ref,
    @Nullable ApiResource resource,
    JsonObject object,
    @Nullable ObjectSource source) {
  /** The annotation that names the deployment an object belongs to. */
  static final String DEPLOYMENT = "niro.cx/deployment";

  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  /** Names of some kinds may hold more than a DNS name may, but nothing that leads elsewhere. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:@-]{0,252}");

  /**
   * What a user wrote, not looked up yet.
   *
   * @throws IllegalArgumentException saying what an object must have
   */
  static Manifest parse(ManifestObject written, String deployment, String namespace) {
    JsonObject object = parsed(written.object().text());
    Json json = new Json(object);
    String apiVersion = required(json.text("apiVersion"), "apiVersion");
    String kind = required(json.text("kind"), "kind");
    if (!apiVersion.matches("[a-z0-9.-]+(/[a-z0-9]+)?")) {
      throw new IllegalArgumentException("apiVersion must be version or group/version");
    }
    Json meta = json.child("metadata");
    if (meta.has("generateName")) {
      throw new IllegalArgumentException("metadata.generateName cannot be applied, give a name");
    }
    String name = required(meta.text("name"), "metadata.name");
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("metadata.name is no name: " + name);
    }
    String given = meta.text("namespace");
    String in = given == null || given.isEmpty() ? namespace : given;
    if (!NAMESPACE.matcher(in).matches()) {
      throw new IllegalArgumentException("metadata.namespace is no name: " + in);
    }
    mark(object, deployment);
    return new Manifest(new ObjectRef(apiVersion, kind, in, name), null, object, written.source());
  }

  private static JsonObject parsed(String text) {
    try {
      JsonElement element = JsonParser.parseString(text);
      if (element instanceof JsonObject object) {
        return object;
      }
    } catch (JsonParseException e) {
      throw new IllegalArgumentException("it is not JSON", e);
    }
    throw new IllegalArgumentException("it is not an object");
  }

  private static String required(@Nullable String value, String member) {
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException(member + " is missing");
    }
    return value;
  }

  private static void mark(JsonObject object, String deployment) {
    object.remove("status");
    JsonObject meta = object.getAsJsonObject("metadata");
    for (String counted : new String[] {"managedFields", "resourceVersion", "uid", "generation"}) {
      meta.remove(counted);
    }
    JsonObject annotations = Json.of(meta.get("annotations")).tree();
    annotations.addProperty(DEPLOYMENT, deployment);
    meta.add("annotations", annotations);
  }

  /** The same, now that it is known how the kind is served. */
  Manifest served(ApiResource by) {
    String namespace = by.namespaced() ? ref.namespace() : null;
    ObjectRef found = new ObjectRef(ref.apiVersion(), ref.kind(), namespace, ref.name());
    JsonObject placed = object.deepCopy();
    JsonObject meta = placed.getAsJsonObject("metadata");
    meta.remove("namespace");
    if (namespace != null) {
      meta.addProperty("namespace", namespace);
    }
    if (isSecret()) {
      fold(placed);
    }
    return new Manifest(found, by, placed, source);
  }

  boolean isSecret() {
    return isSecret(ref);
  }

  static boolean isSecret(ObjectRef ref) {
    return ref.kind().equals("Secret") && ref.apiVersion().equals("v1");
  }

  /** Writes {@code stringData} into {@code data}, else two fields would be owned for one value. */
  private static void fold(JsonObject secret) {
    if (!(secret.remove("stringData") instanceof JsonObject texts)) {
      return;
    }
    JsonObject data = Json.of(secret.get("data")).tree();
    for (Map.Entry<String, JsonElement> entry : texts.entrySet()) {
      boolean text = entry.getValue().isJsonPrimitive();
      byte[] value = (text ? entry.getValue().getAsString() : "").getBytes(StandardCharsets.UTF_8);
      data.addProperty(entry.getKey(), Base64.getEncoder().encodeToString(value));
    }
    secret.add("data", data);
  }

  Stage stage() {
    return Stage.of(ref.apiVersion(), ref.kind());
  }

  /** Where it is, or will be. */
  String path() {
    if (resource == null) {
      throw new IllegalStateException(ref + " is not looked up");
    }
    return resource.path(ref.namespace(), ref.name());
  }

  /** Whether this CustomResourceDefinition serves the kind in this version. */
  boolean defines(ObjectRef other) {
    Json spec = Json.of(object.get("spec"));
    String group = ApiResource.groupOf(other.apiVersion());
    return stage() == Stage.DEFINITIONS
        && group.equals(spec.text("group"))
        && other.kind().equals(spec.child("names").text("kind"))
        && spec.list("versions", version -> version.text("name"))
            .contains(other.apiVersion().substring(group.length() + 1));
  }

  /** The kind that this CustomResourceDefinition defines, in the version asked for. */
  ApiResource defined(ObjectRef other) {
    Json spec = Json.of(object.get("spec"));
    String plural = spec.child("names").text("plural");
    return new ApiResource(
        other.apiVersion(),
        other.kind(),
        plural == null ? "" : plural,
        "Namespaced".equals(spec.text("scope")));
  }
}
