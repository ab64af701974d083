package cx.niro.server.internal.managed;

import cx.niro.core.policy.Finding;
import cx.niro.core.policy.PolicyContext;
import cx.niro.core.policy.PolicyEngine;
import cx.niro.core.policy.PolicyResult;
import cx.niro.core.policy.PolicyState;
import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.server.manifest.Manifest;
import cx.niro.server.manifest.ManifestSet;
import cx.niro.server.spi.ManifestMapper;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What policies say of manifests; it advises and blocks nothing. */
public final class ManifestPolicies {
  private static final Logger LOG = LoggerFactory.getLogger(ManifestPolicies.class);

  private final PolicyEngine engine;
  private final @Nullable ManifestMapper mapper;

  public ManifestPolicies(PolicyEngine engine, @Nullable ManifestMapper mapper) {
    this.engine = engine;
    this.mapper = mapper;
  }

  /** The worst first; none when nobody can read workloads. */
  public List<Finding> findings(
      ManifestSet set, String namespace, PolicyContext context, ClusterInfo cluster) {
    if (mapper == null) {
      return List.of();
    }
    try {
      List<Map<String, @Nullable Object>> objects =
          set.manifests().stream().map(one -> placed(one, namespace)).toList();
      ClusterSnapshot mapped = mapper.map(objects);
      ClusterSnapshot there = new ClusterSnapshot(cluster, mapped.sections(), mapped.objects());
      return engine.evaluate(there, context.forManifests()).results().stream()
          .filter(result -> result.state() == PolicyState.FAIL)
          .map(PolicyResult::finding)
          .filter(Objects::nonNull)
          .sorted(Comparator.comparing(Finding::severity).reversed())
          .toList();
    } catch (RuntimeException e) {
      LOG.warn("policies cannot judge manifests: {}", e.getClass().getName());
      LOG.debug("policies cannot judge manifests", e);
      return List.of();
    }
  }

  private static Map<String, @Nullable Object> placed(Manifest one, String namespace) {
    if (one.ref().namespace() != null
        || !(one.object().get("metadata") instanceof Map<?, ?> given)) {
      return one.object();
    }
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
    given.forEach((name, value) -> metadata.put(String.valueOf(name), value));
    metadata.put("namespace", namespace);
    Map<String, @Nullable Object> object = new LinkedHashMap<>(one.object());
    object.put("metadata", metadata);
    return object;
  }
}
