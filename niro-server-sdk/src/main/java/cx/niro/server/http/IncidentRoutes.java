package cx.niro.server.http;

import cx.niro.core.ClusterId;
import cx.niro.core.ErrorCode;
import cx.niro.core.IncidentId;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.Severity;
import cx.niro.server.ClusterView;
import cx.niro.server.Fleet;
import cx.niro.server.Incidents;
import cx.niro.server.internal.rest.ClusterJson;
import cx.niro.server.internal.rest.FleetJson;
import cx.niro.server.internal.rest.IncidentJson;
import cx.niro.server.internal.rest.ListJson;
import cx.niro.server.spi.AccessControl.Permission;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Incidents, and the fleet in numbers. */
final class IncidentRoutes {
  private static final String ALL = "/api/v1/incidents";
  private static final String ONE = ALL + "/{incident}";

  /** A filter that fits seldom ends a page early, so that one request stays bounded. */
  private static final int MAX_STORE_PAGES = 20;

  private final RestDoor door;
  private final Fleet fleet;
  private final Incidents incidents;
  private final ChangeFeed feed;

  IncidentRoutes(RestDoor door, Fleet fleet, Incidents incidents, ChangeFeed feed) {
    this.door = door;
    this.fleet = fleet;
    this.incidents = incidents;
    this.feed = feed;
  }

  List<Route> routes() {
    return List.of(
        door.get(ALL, this::listAll, "cluster", "state", "severity", "type", "limit", "cursor"),
        door.get(
            "/api/v1/clusters/{cluster}/incidents",
            this::listOfCluster,
            "state",
            "severity",
            "type",
            "limit",
            "cursor"),
        door.get(ONE, (access, call) -> shown(find(access, call))),
        door.delete(ONE, this::delete),
        door.get("/api/v1/fleet", this::counts));
  }

  private NiroResponse listAll(Access access, Call call) {
    Set<String> wanted = call.queryAll("cluster");
    List<ClusterView> views =
        door.clusters(access).stream()
            .filter(view -> wanted.isEmpty() || wanted.contains(view.cluster().id().value()))
            .toList();
    return door.answer(200, list("incidents", call, views));
  }

  private NiroResponse listOfCluster(Access access, Call call) {
    return door.answer(200, list("cluster-incidents", call, List.of(door.cluster(access, call))));
  }

  private ListJson list(String name, Call call, List<ClusterView> views) {
    Map<ClusterId, ClusterJson.Reference> clusters =
        views.stream()
            .collect(Collectors.toMap(view -> view.cluster().id(), ClusterJson.Reference::of));
    Predicate<IncidentRow> fits = filter(call);
    Boolean open = open(call);
    int limit = call.limit();
    String position = call.position(name);
    List<Object> items = new ArrayList<>();
    for (int pages = 0; pages < MAX_STORE_PAGES && items.size() < limit; pages++) {
      Page<IncidentRow> page =
          incidents.list(clusters.keySet(), open, new Page.Request(position, limit - items.size()));
      page.items().stream()
          .filter(fits)
          .map(row -> IncidentJson.of(row, reference(clusters, row)))
          .forEach(items::add);
      position = page.nextCursor();
      if (position == null) {
        break;
      }
    }
    return new ListJson(items, Cursor.seal(name, position));
  }

  private static ClusterJson.Reference reference(
      Map<ClusterId, ClusterJson.Reference> clusters, IncidentRow row) {
    String id = row.cluster().value();
    return clusters.getOrDefault(row.cluster(), new ClusterJson.Reference(id, id));
  }

  private static Predicate<IncidentRow> filter(Call call) {
    Set<Severity> severities = call.queryAll("severity", Severity.values(), Severity::wireName);
    Set<String> types = call.queryAll("type");
    return row ->
        (severities.isEmpty() || severities.contains(row.telling().severity()))
            && (types.isEmpty() || types.contains(row.what().type().name()));
  }

  private static @Nullable Boolean open(Call call) {
    String state = call.query("state");
    String[] states = {IncidentJson.FIRING, IncidentJson.RESOLVED};
    return state == null
        ? null
        : Choices.parse("state", state, states, Function.identity()).equals(IncidentJson.FIRING);
  }

  private IncidentRow find(Access access, Call call) {
    IncidentId id = call.id("incident", IncidentId::new);
    return incidents
        .find(id)
        .filter(row -> fleet.cluster(row.cluster()).filter(access::sees).isPresent())
        .orElseThrow(
            () -> new InvalidRequestException(ErrorCode.NOT_FOUND, "there is no incident " + id));
  }

  private NiroResponse shown(IncidentRow row) {
    ClusterJson.Reference cluster =
        fleet
            .cluster(row.cluster())
            .map(ClusterJson.Reference::of)
            .orElse(new ClusterJson.Reference(row.cluster().value(), row.cluster().value()));
    return door.answer(200, IncidentJson.of(row, cluster));
  }

  private NiroResponse delete(Access access, Call call) {
    IncidentRow row = find(access, call);
    ClusterView view = fleet.cluster(row.cluster()).orElseThrow();
    access.require(Permission.WRITE, view.cluster().organization());
    incidents.delete(row.id(), access.caller().name());
    feed.incidentChanged(row, view.cluster().organization());
    return Answers.noContent();
  }

  private NiroResponse counts(Access access, Call call) {
    List<ClusterView> views = door.clusters(access);
    Set<ClusterId> ids =
        views.stream().map(view -> view.cluster().id()).collect(Collectors.toSet());
    List<Severity> open = new ArrayList<>();
    @Nullable String position = null;
    do {
      Page<IncidentRow> page =
          incidents.list(ids, true, new Page.Request(position, Page.MAX_LIMIT));
      page.items().forEach(row -> open.add(row.telling().severity()));
      position = page.nextCursor();
    } while (position != null);
    return door.answer(200, FleetJson.of(views, open));
  }
}
