package cx.niro.agent.kubernetes;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import cx.niro.core.snapshot.Autoscaler;
import cx.niro.core.snapshot.Capabilities;
import cx.niro.core.snapshot.ClusterInfo;
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
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes objects from files, mapped as an agent maps those of its cluster: what {@code kubectl
 * get -o json} prints, lists included, and manifests that were never in a cluster. An object
 * without a uid is a manifest. For one thread.
 */
public final class KubernetesObjects {
  private static final Gson GSON = new Gson();

  private final Map<String, WatchedKind<?>> kinds = kinds();
  private final Map<Section, List<Resource>> live = new EnumMap<>(Section.class);
  private final Map<Section, List<Resource>> manifests = new EnumMap<>(Section.class);
  private final Map<String, Integer> others = new TreeMap<>();
  private final Set<String> doubts = new LinkedHashSet<>();
  private int count;

  /** Nothing yet. */
  public KubernetesObjects() {}

  /**
   * Adds an object, or every item of a list.
   *
   * @param object maps, lists, strings, numbers, booleans and nulls, as a reader of JSON or YAML
   *     makes them
   * @throws IllegalArgumentException when it is no Kubernetes object, or one without a name; those
   *     of a list that came before it stay added
   */
  public void add(Map<String, ? extends @Nullable Object> object) {
    add(GSON.toJsonTree(object).getAsJsonObject(), null);
  }

  private void add(JsonObject object, @Nullable String kindOfItems) {
    Json json = new Json(object);
    String given = json.text("kind");
    String kind = given == null ? kindOfItems : given;
    if (kind == null) {
      throw new IllegalArgumentException("an object has no kind");
    }
    if (kind.endsWith("List") && object.get("items") != null && object.get("items").isJsonArray()) {
      String ofItems = kind.equals("List") ? null : kind.substring(0, kind.length() - 4);
      for (JsonElement item : object.get("items").getAsJsonArray()) {
        add(Json.of(item).tree(), ofItems);
      }
      return;
    }
    WatchedKind<?> watched = kinds.get(kind);
    if (watched == null || !isOfGroup(json.text("apiVersion"), watched.path())) {
      others.merge(kind, 1, Integer::sum);
    } else if (watched.section() != Section.EVENTS || "Warning".equals(json.text("type"))) {
      map(object, kind, watched);
    } else {
      live.computeIfAbsent(Section.EVENTS, any -> new ArrayList<>());
    }
  }

  private void map(JsonObject object, String kind, WatchedKind<?> watched) {
    JsonObject meta = Json.of(object.get("metadata")).tree();
    boolean manifest = !meta.has("uid");
    if (manifest) {
      meta.addProperty("uid", "manifest-" + count);
      if (!meta.has("namespace") && watched.section() != Section.NODES) {
        meta.addProperty("namespace", "default");
      }
      object.add("metadata", meta);
    }
    count++;
    Map<Section, List<Resource>> into = manifest ? manifests : live;
    List<Resource> section = into.computeIfAbsent(watched.section(), any -> new ArrayList<>());
    try {
      String name = Json.of(object.get("metadata")).text("name");
      Doubts here = new Doubts(kind + " " + name + ": ", doubts);
      Resource mapped = watched.mapper().apply(new Json(object, here));
      if (mapped != null) {
        section.add(mapped);
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("a " + kind + ": metadata." + e.getMessage(), e);
    }
  }

  /**
   * What an agent would report of the cluster that the objects with a uid come from. A section of
   * which there was no object is off; the version is that of the nodes.
   */
  public ClusterSnapshot cluster() {
    boolean podsKnown = live.containsKey(Section.PODS);
    return snapshot(new InventoryAssembly().assemble(inventory(live), podsKnown), live);
  }

  /** The objects without a uid. */
  public ClusterSnapshot manifests() {
    return snapshot(inventory(manifests), manifests);
  }

  /** How many objects were left out because Niro does not read their kind, by kind. */
  public Map<String, Integer> others() {
    return Map.copyOf(others);
  }

  /**
   * Values of another type than Kubernetes gives them, at most 200, such as {@code Deployment web:
   * spec.replicas is not a whole number}. They count as absent, as they do to an agent.
   */
  public List<String> doubts() {
    return List.copyOf(doubts);
  }

  private static ClusterSnapshot snapshot(
      Inventory objects, Map<Section, List<Resource>> bySection) {
    Map<Section, SectionStatus> sections = new EnumMap<>(Section.class);
    bySection.keySet().forEach(section -> sections.put(section, SectionStatus.COMPLETE));
    String version =
        objects.nodes().stream()
            .map(node -> node.info() == null ? null : node.info().kubeletVersion())
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    String distribution = version == null ? null : Distribution.of(version);
    ClusterInfo info =
        new ClusterInfo(null, version, distribution, null, null, Capabilities.NONE, null);
    return new ClusterSnapshot(info, sections, objects);
  }

  private static Inventory inventory(Map<Section, List<Resource>> bySection) {
    return new Inventory(
        of(bySection, Section.NODES, Node.class),
        of(bySection, Section.PODS, Pod.class),
        of(bySection, Section.WORKLOADS, Workload.class),
        of(bySection, Section.EVENTS, WarningEvent.class),
        of(bySection, Section.PERSISTENT_VOLUME_CLAIMS, PersistentVolumeClaim.class),
        of(bySection, Section.SERVICE_ACCOUNTS, ServiceAccount.class),
        of(bySection, Section.AUTOSCALERS, Autoscaler.class));
  }

  private static <T extends Resource> List<T> of(
      Map<Section, List<Resource>> bySection, Section section, Class<T> type) {
    return bySection.getOrDefault(section, List.of()).stream().map(type::cast).toList();
  }

  /** Items of a list of one kind have no apiVersion of their own. */
  private static boolean isOfGroup(@Nullable String apiVersion, String path) {
    if (apiVersion == null || apiVersion.isEmpty()) {
      return true;
    }
    int slash = apiVersion.indexOf('/');
    return slash < 0
        ? path.startsWith("/api/")
        : path.startsWith("/apis/" + apiVersion.substring(0, slash + 1));
  }

  private static Map<String, WatchedKind<?>> kinds() {
    Map<String, WatchedKind<?>> byName = new HashMap<>();
    WatchedKinds.of(Grants.DEFAULT).forEach(kind -> byName.put(kind.name(), kind));
    Map<String, WatchedKind<?>> kinds = new HashMap<>();
    for (String kind :
        List.of(
            "Node",
            "Pod",
            "Event",
            "Deployment",
            "StatefulSet",
            "DaemonSet",
            "ReplicaSet",
            "Job",
            "CronJob",
            "PersistentVolumeClaim",
            "ServiceAccount",
            "HorizontalPodAutoscaler")) {
      String plural = kind.toLowerCase(Locale.ROOT) + "s";
      kinds.put(kind, Objects.requireNonNull(byName.get(plural), plural));
    }
    return kinds;
  }
}
