package cx.niro.core.testkit;

import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.snapshot.Autoscaler;
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
import cx.niro.core.snapshot.Workload;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Snapshots with exactly the objects that a test names. Objects are written as they go over the
 * wire, with {@code '} for {@code "}.
 */
public final class Clusters {
  private static final NiroCodec CODEC = NiroCodec.create();

  private Clusters() {}

  /** These objects, two nodes if none is among them, and every section complete. */
  public static ClusterSnapshot of(Resource... objects) {
    List<Node> nodes = all(Node.class, objects);
    Inventory inventory =
        new Inventory(
            nodes.isEmpty() ? List.of(Node.of("n1", "n1", true), Node.of("n2", "n2", true)) : nodes,
            all(Pod.class, objects),
            all(Workload.class, objects),
            List.of(),
            all(PersistentVolumeClaim.class, objects),
            all(ServiceAccount.class, objects),
            all(Autoscaler.class, objects));
    Map<Section, SectionStatus> sections = new EnumMap<>(Section.class);
    for (Section section : Section.values()) {
      sections.put(section, SectionStatus.COMPLETE);
    }
    return new ClusterSnapshot(ClusterInfo.EMPTY, sections, inventory);
  }

  /** The same with one section in this state. */
  public static ClusterSnapshot with(
      ClusterSnapshot snapshot, Section section, SectionStatus.State state) {
    Map<Section, SectionStatus> sections = new EnumMap<>(snapshot.sections());
    sections.put(section, new SectionStatus(state, null, 0, "for the test"));
    return new ClusterSnapshot(snapshot.info(), sections, snapshot.objects());
  }

  /** The same of this version of Kubernetes, for example {@code v1.33.5+k3s1}. */
  public static ClusterSnapshot version(ClusterSnapshot snapshot, String version) {
    ClusterInfo was = snapshot.info();
    ClusterInfo info =
        new ClusterInfo(
            was.agentVersion(),
            version,
            was.distribution(),
            was.kubeSystemUid(),
            was.agentStartedAt(),
            was.capabilities(),
            was.api());
    return new ClusterSnapshot(info, snapshot.sections(), snapshot.objects());
  }

  /** A Deployment {@code shop/web} with two replicas and this template. */
  public static Workload deployment(String template) {
    return workload("Deployment", "web", "'desiredReplicas': 2", template);
  }

  /** A workload of namespace {@code shop}; {@code members} are those of its record. */
  public static Workload workload(String kind, String name, String members, String template) {
    String json =
        "{'meta': {'uid': '%s', 'namespace': 'shop', 'name': '%s'}, 'kind': '%s', %s, 'template': %s}";
    return read(Workload.class, json.formatted(kind + name, name, kind, members, template));
  }

  /** Any object from its JSON. */
  public static <T> T read(Class<T> type, String json) {
    return CODEC.decode(type, json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static <T extends Resource> List<T> all(Class<T> type, Resource... objects) {
    return Stream.of(objects).filter(type::isInstance).map(type::cast).toList();
  }
}
