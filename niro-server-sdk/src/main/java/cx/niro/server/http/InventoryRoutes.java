package cx.niro.server.http;

import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.Usage;
import cx.niro.core.snapshot.WarningEvent;
import cx.niro.server.ClusterView;
import cx.niro.server.Fleet;
import cx.niro.server.internal.rest.ClusterIndex;
import cx.niro.server.internal.rest.ClusterJson;
import cx.niro.server.internal.rest.EventJson;
import cx.niro.server.internal.rest.ListJson;
import cx.niro.server.internal.rest.NamespaceJson;
import cx.niro.server.internal.rest.NodeJson;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What agents reported: nodes, pods, counts and events. */
final class InventoryRoutes {
  private static final String ONE = "/api/v1/clusters/{cluster}";
  private static final Fleet.Content NOTHING =
      new Fleet.Content(ClusterSnapshot.EMPTY, Usage.EMPTY);

  private final RestDoor door;
  private final Fleet fleet;

  InventoryRoutes(RestDoor door, Fleet fleet) {
    this.door = door;
    this.fleet = fleet;
  }

  List<Route> routes() {
    return List.of(
        door.get(ONE + "/nodes", this::nodes, "limit", "cursor"),
        door.get(
            ONE + "/pods", this::podsOfOne, "namespace", "phase", "status", "q", "limit", "cursor"),
        door.get(
            "/api/v1/pods",
            this::podsOfAll,
            "cluster",
            "namespace",
            "phase",
            "status",
            "q",
            "limit",
            "cursor"),
        door.get(ONE + "/workloads", this::workloads, "limit", "cursor"),
        door.get(ONE + "/events", this::events, "limit", "cursor"));
  }

  private Fleet.Content content(ClusterView view) {
    return fleet.content(view.cluster().id()).orElse(NOTHING);
  }

  private NiroResponse nodes(Access access, Call call) {
    Fleet.Content content = content(door.cluster(access, call));
    ClusterIndex index = new ClusterIndex(content);
    ListJson page =
        Paging.page(
            "nodes",
            call,
            content.snapshot().objects().nodes().stream()
                .sorted(Comparator.comparing(InventoryRoutes::key)),
            InventoryRoutes::key,
            node -> NodeJson.of(node, index));
    return answer(page, content, Section.NODES);
  }

  private static String key(Node node) {
    return Paging.key(node.meta().name(), node.meta().uid());
  }

  private NiroResponse podsOfOne(Access access, Call call) {
    ClusterView view = door.cluster(access, call);
    Fleet.Content content = content(view);
    PodFilter filter = PodFilter.of(call);
    ListJson page =
        Paging.page(
            "pods",
            call,
            filter.pods(ClusterJson.Reference.of(view), content),
            PodFilter.Found::key,
            PodFilter.Found::shown);
    return answer(page, content, Section.PODS);
  }

  private NiroResponse podsOfAll(Access access, Call call) {
    PodFilter filter = PodFilter.of(call);
    String after = call.position("all-pods");
    Stream<PodFilter.Found> pods =
        door.wanted(access, call).stream()
            .filter(view -> after == null || !isBefore(view, after))
            .flatMap(view -> filter.pods(ClusterJson.Reference.of(view), content(view)));
    return door.answer(
        200, Paging.page("all-pods", call, pods, PodFilter.Found::key, PodFilter.Found::shown));
  }

  /** Whether all its pods are: then its content need not be read for this page. */
  private static boolean isBefore(ClusterView view, String position) {
    String first = Paging.key(view.cluster().name(), view.cluster().id().value(), "");
    return first.compareTo(position) < 0 && !position.startsWith(first);
  }

  private NiroResponse workloads(Access access, Call call) {
    Fleet.Content content = content(door.cluster(access, call));
    ListJson page =
        Paging.page(
            "workloads",
            call,
            NamespaceJson.count(content.snapshot().objects().pods()).stream(),
            NamespaceJson::namespace,
            row -> row);
    return answer(page, content, Section.PODS);
  }

  private NiroResponse events(Access access, Call call) {
    Fleet.Content content = content(door.cluster(access, call));
    ListJson page =
        Paging.page(
            "events",
            call,
            content.snapshot().objects().events().stream()
                .sorted(Comparator.comparing(InventoryRoutes::key)),
            InventoryRoutes::key,
            EventJson::of);
    return answer(page, content, Section.EVENTS);
  }

  /** Newest first. */
  private static String key(WarningEvent event) {
    Long at = event.lastSeenAt();
    long age = Long.MAX_VALUE - (at == null ? 0 : Math.max(at, 0));
    return Paging.key(String.format(Locale.ROOT, "%019d", age), event.meta().uid());
  }

  private NiroResponse answer(ListJson page, Fleet.Content content, Section section) {
    return door.answer(200, ListJson.OfSection.of(page, content.snapshot().section(section)));
  }
}
