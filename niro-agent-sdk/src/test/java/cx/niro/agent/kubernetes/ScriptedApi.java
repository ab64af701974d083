package cx.niro.agent.kubernetes;

import com.google.gson.JsonObject;
import cx.niro.core.snapshot.Autoscaler;
import cx.niro.core.snapshot.Capabilities;
import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.core.snapshot.ClusterInfo.ApiHealth;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.PersistentVolumeClaim;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Resource;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.core.snapshot.ServiceAccount;
import cx.niro.core.snapshot.WarningEvent;
import cx.niro.core.snapshot.Workload;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The objects of one cluster as a script writes them, seen as an agent sees them: each is mapped
 * when it is written, as a watch brings it, and the snapshot is assembled when it is asked for.
 */
public final class ScriptedApi {
  private static final String VERSION = "v1.33.4+k3s1";

  private final Map<String, WatchedKind<?>> kinds = new HashMap<>();
  private final Map<Section, Map<String, Resource>> objects = new EnumMap<>(Section.class);
  private final InventoryAssembly assembly = new InventoryAssembly();
  private ApiHealth health = new ApiHealth(true, true, 0, null);
  private long agentStartedAt;
  private ClusterSnapshot snapshot;

  public ScriptedApi() {
    WatchedKinds.of(Grants.DEFAULT).forEach(kind -> kinds.put(kind.name(), kind));
    for (Section section : Section.values()) {
      objects.put(section, new LinkedHashMap<>());
    }
  }

  /** Creates or replaces. */
  public void put(JsonObject object) {
    String kind = object.get("kind").getAsString();
    WatchedKind<?> watched = watched(kind);
    Resource mapped = watched.mapper().apply(new Json(object));
    if (mapped == null) {
      throw new IllegalArgumentException("not watched: " + object);
    }
    String key = key(kind, mapped.meta().namespace(), mapped.meta().name());
    Resource before = objects.get(watched.section()).put(key, mapped);
    if (!mapped.equals(before)) {
      snapshot = null;
    }
  }

  public void delete(String kind, String namespace, String name) {
    if (objects.get(watched(kind).section()).remove(key(kind, namespace, name)) != null) {
      snapshot = null;
    }
  }

  /** Whether the agent's own calls are answered. */
  public void answers(boolean well) {
    health = new ApiHealth(well, well, well ? 0 : 3, null);
    snapshot = null;
  }

  /** The agent's process began then, by the cluster's clock. */
  public void agentStarts(long epochMillis) {
    agentStartedAt = epochMillis;
    snapshot = null;
  }

  /** The same instance until something changes. */
  public ClusterSnapshot snapshot() {
    if (snapshot == null) {
      Map<Section, SectionStatus> sections = new EnumMap<>(Section.class);
      objects.keySet().forEach(section -> sections.put(section, SectionStatus.COMPLETE));
      sections.put(Section.METRICS, SectionStatus.OFF);
      ClusterInfo info =
          new ClusterInfo(
              "0.1.0",
              VERSION,
              Distribution.of(VERSION),
              "uid-of-kube-system",
              agentStartedAt,
              Capabilities.NONE,
              health);
      snapshot = new ClusterSnapshot(info, sections, assembly.assemble(inventory(), true));
    }
    return snapshot;
  }

  private Inventory inventory() {
    return new Inventory(
        of(Section.NODES, Node.class),
        of(Section.PODS, Pod.class),
        of(Section.WORKLOADS, Workload.class),
        of(Section.EVENTS, WarningEvent.class),
        of(Section.PERSISTENT_VOLUME_CLAIMS, PersistentVolumeClaim.class),
        of(Section.SERVICE_ACCOUNTS, ServiceAccount.class),
        of(Section.AUTOSCALERS, Autoscaler.class));
  }

  private <T extends Resource> List<T> of(Section section, Class<T> type) {
    return objects.get(section).values().stream().map(type::cast).toList();
  }

  private WatchedKind<?> watched(String kind) {
    return kinds.get(kind.toLowerCase(Locale.ROOT) + "s");
  }

  private static String key(String kind, String namespace, String name) {
    return kind + "/" + namespace + "/" + name;
  }
}
