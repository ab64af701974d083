package cx.niro.agent.kubernetes;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import cx.niro.agent.spi.KeyStore;
import cx.niro.agent.spi.StoredKeys;
import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the agent's identity in a Secret, next to the enrollment token that the installer put
 * there. It gets and patches that one Secret; only where there is none does it try to create it,
 * which the installed agent may not. A write that somebody else overtook fails, so that two agents
 * never mix their keys.
 */
public final class SecretKeyStore implements KeyStore {
  /** The Secret's name, unless another is given. */
  public static final String NAME = "niro-agent";

  private static final String TOKEN = "token";
  private static final int TRIES = 3;

  private final ApiServer server;
  private final String collection;
  private final String name;
  private @Nullable String version;
  private StoredKeys lastKnown = StoredKeys.EMPTY;
  private @Nullable String tokenInUse;

  private SecretKeyStore(ApiServer server, String namespace, String name) {
    this.server = server;
    this.collection = "/api/v1/namespaces/" + namespace + "/secrets";
    this.name = name;
  }

  /** The Secret {@value #NAME} of {@code namespace}. */
  public static SecretKeyStore of(ApiClient client, String namespace) {
    return of(client, namespace, NAME);
  }

  /** The Secret {@code name} of {@code namespace}. */
  public static SecretKeyStore of(ApiClient client, String namespace, String name) {
    return new SecretKeyStore(new ApiServer(client), namespace, name);
  }

  /**
   * The enrollment token in the Secret. {@link #tokenSpent} later removes this one and no newer.
   *
   * @throws IOException when the Secret cannot be read
   */
  public synchronized Optional<String> token() throws IOException {
    read();
    return Optional.ofNullable(tokenInUse);
  }

  @Override
  public synchronized Optional<StoredKeys> load() throws IOException {
    Map<String, String> parts = read();
    lastKnown = StoredKeys.of(parts);
    return lastKnown.equals(StoredKeys.EMPTY) ? Optional.empty() : Optional.of(lastKnown);
  }

  @Override
  public synchronized void save(StoredKeys keys) throws IOException {
    JsonObject data = new JsonObject();
    Map<String, String> parts = keys.toMap();
    for (String part : StoredKeys.names()) {
      String value = parts.get(part);
      data.add(part, JsonNull.INSTANCE);
      if (value != null) {
        data.addProperty(part, encode(value));
      }
    }
    change(data, there -> requireLastKnown(StoredKeys.of(there)));
    lastKnown = keys;
  }

  /** Holds until the next {@link #load}, however often a save is tried. */
  private boolean requireLastKnown(StoredKeys there) throws IOException {
    if (!there.equals(lastKnown)) {
      throw new IOException(
          "Secret "
              + name
              + " in "
              + collection
              + " was changed by another agent since it was read: "
              + there
              + " instead of "
              + lastKnown);
    }
    return true;
  }

  @Override
  public synchronized void tokenSpent() throws IOException {
    String spent = tokenInUse;
    JsonObject data = new JsonObject();
    data.add(TOKEN, JsonNull.INSTANCE);
    if (change(data, there -> spent != null && spent.equals(there.get(TOKEN)))) {
      tokenInUse = null;
    }
  }

  /** Whether what is there now is to be changed. */
  private interface Condition {
    boolean holds(Map<String, String> there) throws IOException;
  }

  /** Patches what it has just read: a change in between makes it read again. */
  private boolean change(JsonObject data, Condition condition) throws IOException {
    for (int attempt = 1; ; attempt++) {
      if (!condition.holds(read())) {
        return false;
      }
      try {
        write(data);
        return true;
      } catch (ApiFailure e) {
        if (!e.isConflict() || attempt == TRIES) {
          throw explained(e);
        }
      }
    }
  }

  private void write(JsonObject data) throws IOException {
    JsonObject meta = new JsonObject();
    JsonObject secret = new JsonObject();
    secret.add("metadata", meta);
    secret.add("data", data);
    ApiRequest request = ApiRequest.mergePatch(collection + "/" + name, secret);
    if (version == null) {
      secret.addProperty("apiVersion", "v1");
      secret.addProperty("kind", "Secret");
      meta.addProperty("name", name);
      data.entrySet().removeIf(part -> part.getValue().isJsonNull());
      request = ApiRequest.post(collection, secret);
    } else {
      meta.addProperty("resourceVersion", version);
    }
    version = Json.of(server.send(request)).child("metadata").text("resourceVersion");
  }

  /** The Secret's parts; none when there is no Secret. */
  private Map<String, String> read() throws IOException {
    try {
      Json secret = Json.of(server.send(ApiRequest.get(collection + "/" + name)));
      version = secret.child("metadata").text("resourceVersion");
      Map<String, String> parts = decoded(secret.child("data"));
      tokenInUse = tokenInUse == null ? parts.get(TOKEN) : tokenInUse;
      return parts;
    } catch (ApiFailure e) {
      if (e.isAbsent()) {
        version = null;
        return Map.of();
      }
      throw explained(e);
    }
  }

  private IOException explained(ApiFailure e) {
    String hint =
        e.isForbidden() ? "; the agent needs get and patch on it, see the installer's Role" : "";
    return new IOException(
        "Secret " + name + " in " + collection + ": " + e.getMessage() + hint, e);
  }

  private static Map<String, String> decoded(Json data) throws IOException {
    Map<String, String> parts = new LinkedHashMap<>();
    for (String part : data.members()) {
      String value = data.text(part, 8192);
      try {
        byte[] bytes = Base64.getDecoder().decode(value == null ? "" : value);
        parts.put(part, new String(bytes, StandardCharsets.UTF_8).strip());
      } catch (IllegalArgumentException e) {
        throw new IOException("the Secret's part " + part + " is not base64", e);
      }
    }
    parts.values().removeIf(String::isEmpty);
    return parts;
  }

  private static String encode(String value) {
    return Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
  }
}
