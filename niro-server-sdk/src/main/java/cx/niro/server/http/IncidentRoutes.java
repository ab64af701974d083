package cx.niro.server.http;

import cx.niro.core.ClusterId;
import cx.niro.core.ErrorCode;
import cx.niro.core.IncidentId;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.OrganizationId;
import cx.niro.core.Severity;
import cx.niro.core.protocol.Limits;
import cx.niro.server.ClusterView;
import cx.niro.server.Fleet;
import cx.niro.server.Incidents;
import cx.niro.server.NiroServer;
import cx.niro.server.Silences;
import cx.niro.server.internal.rest.ClusterJson;
import cx.niro.server.internal.rest.FleetJson;
import cx.niro.server.internal.rest.IncidentJson;
import cx.niro.server.internal.rest.ListJson;
import cx.niro.server.internal.rest.RequestJson;
import cx.niro.server.spi.AccessControl.Permission;
import cx.niro.server.spi.ChannelSelector;
import cx.niro.server.spi.IncidentFilter;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Incidents, and the fleet in numbers. */
final class IncidentRoutes {
  private static final String ALL = "/api/v1/incidents";
  private static final String ONE = ALL + "/{incident}";

  private final RestDoor door;
  private final Fleet fleet;
  private final Incidents incidents;
  private final Silences silences;
  private final ChangeFeed feed;

  IncidentRoutes(RestDoor door, NiroServer server, ChangeFeed feed) {
    this.door = door;
    this.fleet = server.fleet();
    this.incidents = server.incidents();
    this.silences = server.silences();
    this.feed = feed;
  }

  List<Route> routes() {
    return List.of(
        door.get(
            ALL,
            this::listAll,
            "cluster",
            "state",
            "severity",
            "type",
            "suppressed",
            "limit",
            "cursor"),
        door.get(
            "/api/v1/clusters/{cluster}/incidents",
            this::listOfCluster,
            "state",
            "severity",
            "type",
            "suppressed",
            "limit",
            "cursor"),
        door.get(ONE, (access, call) -> shown(find(access, call))),
        door.delete(ONE, this::delete),
        door.route("POST", ONE + "/acknowledge", Limits.SMALL_BYTES, this::acknowledge),
        door.delete(ONE + "/acknowledge", this::withdraw),
        door.route("POST", ONE + "/silence", Limits.SMALL_BYTES, this::silence),
        door.get("/api/v1/fleet", this::counts));
  }

  private NiroResponse listAll(Access access, Call call) {
    return door.answer(200, list("incidents", call, door.wanted(access, call)));
  }

  private NiroResponse listOfCluster(Access access, Call call) {
    return door.answer(200, list("cluster-incidents", call, List.of(door.cluster(access, call))));
  }

  private ListJson list(String name, Call call, List<ClusterView> views) {
    Map<ClusterId, ClusterJson.Reference> clusters = ClusterJson.Reference.byId(views);
    Page<IncidentRow> page =
        incidents.list(clusters.keySet(), filter(call), Paging.request(name, call));
    List<Object> items = new ArrayList<>();
    for (Incidents.View view : incidents.views(page.items())) {
      items.add(IncidentJson.of(view, reference(clusters, view.incident())));
    }
    return new ListJson(items, Cursor.seal(name, page.nextCursor()));
  }

  private static ClusterJson.Reference reference(
      Map<ClusterId, ClusterJson.Reference> clusters, IncidentRow row) {
    String id = row.cluster().value();
    return clusters.getOrDefault(row.cluster(), new ClusterJson.Reference(id, id));
  }

  private static IncidentFilter filter(Call call) {
    Set<Severity> severities = call.queryAll("severity", Severity.values(), Severity::wireName);
    return new IncidentFilter(
        open(call), severities, call.queryAll("type"), call.flag("suppressed"));
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
    Incidents.View view = incidents.views(List.of(row)).get(0);
    return door.answer(200, IncidentJson.of(view, cluster));
  }

  private NiroResponse delete(Access access, Call call) {
    IncidentRow row = find(access, call);
    OrganizationId owner = writable(access, row);
    incidents.delete(row.id(), access.caller().name());
    feed.incidentChanged(row, owner);
    return Answers.noContent();
  }

  /** Whose it is, if the caller may change it. */
  private OrganizationId writable(Access access, IncidentRow row) {
    OrganizationId owner = fleet.cluster(row.cluster()).orElseThrow().cluster().organization();
    access.require(Permission.WRITE, owner);
    return owner;
  }

  private NiroResponse acknowledge(Access access, Call call) {
    IncidentRow row = find(access, call);
    OrganizationId owner = writable(access, row);
    String note = call.hasBody() ? door.body(call, RequestJson.Acknowledgement.class).note() : null;
    IncidentRow written = incidents.acknowledge(row.id(), note, access.caller().name());
    feed.incidentChanged(written, owner);
    return shown(written);
  }

  private NiroResponse withdraw(Access access, Call call) {
    IncidentRow row = find(access, call);
    OrganizationId owner = writable(access, row);
    IncidentRow written = incidents.withdraw(row.id(), access.caller().name());
    feed.incidentChanged(written, owner);
    return shown(written);
  }

  /** A silence of just this kind of trouble in just this place. */
  private NiroResponse silence(Access access, Call call) {
    IncidentRow row = find(access, call);
    OrganizationId owner = writable(access, row);
    RequestJson.IncidentSilence body = door.body(call, RequestJson.IncidentSilence.class);
    ChannelSelector selector =
        new ChannelSelector(
            Set.of(row.cluster()), Set.of(), Map.of(), Set.of(row.what().type().name()));
    Silences.Period period =
        new Silences.Period(null, body.until(), SilenceRoutes.length(body.durationSeconds()));
    Silences.Spec spec =
        new Silences.Spec(
            selector, row.what().scope().value(), period, SilenceRoutes.reason(body.reason()));
    Silences.View made = silences.add(owner, spec, access.caller().name());
    feed.silenceChanged(made.silence());
    feed.incidentChanged(row, owner);
    return shown(row);
  }

  private NiroResponse counts(Access access, Call call) {
    return door.answer(200, FleetJson.of(door.clusters(access)));
  }
}
