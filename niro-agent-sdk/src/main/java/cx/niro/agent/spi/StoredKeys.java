package cx.niro.agent.spi;

import cx.niro.core.ClusterId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An agent's identity as a {@link KeyStore} keeps it; what is null is not known.
 *
 * @param requestId of an exchange that is under way: an enrollment while {@code current} is null, a
 *     key rotation otherwise
 * @param tokenId the public part of the newest enrollment token that was tried
 * @param current the key that has worked
 * @param previous the key before it
 * @param candidate a key that was received and has not worked yet
 */
public record StoredKeys(
    @Nullable String requestId,
    @Nullable String tokenId,
    @Nullable String current,
    @Nullable String previous,
    @Nullable String candidate,
    @Nullable ClusterId clusterId) {

  /** Nothing known. */
  public static final StoredKeys EMPTY = new StoredKeys(null, null, null, null, null, null);

  private static final String REQUEST_ID = "requestId";
  private static final String TOKEN_ID = "tokenId";
  private static final String CURRENT = "agentKey";
  private static final String PREVIOUS = "previousKey";
  private static final String CANDIDATE = "candidateKey";
  private static final String CLUSTER_ID = "clusterId";

  /** The names that {@link #toMap} uses. */
  public static List<String> names() {
    return List.of(REQUEST_ID, TOKEN_ID, CURRENT, PREVIOUS, CANDIDATE, CLUSTER_ID);
  }

  /**
   * The record from its parts by name; unknown names are ignored and blank values count as absent.
   */
  public static StoredKeys of(Map<String, String> parts) {
    String cluster = part(parts, CLUSTER_ID);
    return new StoredKeys(
        part(parts, REQUEST_ID),
        part(parts, TOKEN_ID),
        part(parts, CURRENT),
        part(parts, PREVIOUS),
        part(parts, CANDIDATE),
        cluster == null ? null : new ClusterId(cluster));
  }

  private static @Nullable String part(Map<String, String> parts, String name) {
    String value = parts.get(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  /** The parts that are known, by name: what a store writes. Holds secrets. */
  public Map<String, String> toMap() {
    Map<String, String> parts = new LinkedHashMap<>();
    put(parts, REQUEST_ID, requestId);
    put(parts, TOKEN_ID, tokenId);
    put(parts, CURRENT, current);
    put(parts, PREVIOUS, previous);
    put(parts, CANDIDATE, candidate);
    put(parts, CLUSTER_ID, clusterId == null ? null : clusterId.value());
    return parts;
  }

  private static void put(Map<String, String> parts, String name, @Nullable String value) {
    if (value != null) {
      parts.put(name, value);
    }
  }

  /** Which parts are known; no secret. */
  @Override
  public String toString() {
    return "StoredKeys(" + clusterId + ", knows " + new TreeSet<>(toMap().keySet()) + ")";
  }
}
