package cx.niro.server.http;

import cx.niro.core.ClusterId;
import cx.niro.core.ClusterStatus;
import cx.niro.core.Environment;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.OrganizationId;
import cx.niro.core.VisibleText;
import cx.niro.core.protocol.Limits;
import cx.niro.server.ClusterView;
import cx.niro.server.Clusters;
import cx.niro.server.Clusters.ClusterChange;
import cx.niro.server.Clusters.ClusterSpec;
import cx.niro.server.Clusters.NewCluster;
import cx.niro.server.Fleet;
import cx.niro.server.internal.rest.ClusterJson;
import cx.niro.server.internal.rest.EnrollmentJson;
import cx.niro.server.internal.rest.RequestJson;
import cx.niro.server.internal.rest.TimelineJson;
import cx.niro.server.spi.AccessControl.Permission;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Clusters: making, listing, changing, deleting, enrolling again, and what happened to them. */
final class ClusterRoutes {
  private static final String ALL = "/api/v1/clusters";
  private static final String ONE = ALL + "/{cluster}";

  private final RestDoor door;
  private final Clusters clusters;
  private final Fleet fleet;
  private final Installer installer;
  private final ChangeFeed feed;

  ClusterRoutes(
      RestDoor door, Clusters clusters, Fleet fleet, Installer installer, ChangeFeed feed) {
    this.door = door;
    this.clusters = clusters;
    this.fleet = fleet;
    this.installer = installer;
    this.feed = feed;
  }

  List<Route> routes() {
    return List.of(
        door.route("POST", ALL, Limits.SMALL_BYTES, this::create),
        door.get(ALL, this::list, "status", "environment", "label", "q", "limit", "cursor"),
        door.get(ONE, (access, call) -> shown(door.cluster(access, call))),
        door.route("PATCH", ONE, Limits.SMALL_BYTES, this::update),
        door.delete(ONE, this::delete, "confirm"),
        door.route("POST", ONE + "/enrollment", Limits.SMALL_BYTES, this::enroll),
        door.route("POST", ONE + "/rotate-key", Limits.SMALL_BYTES, this::rotateKey),
        door.get(ONE + "/timeline", this::timeline, "kind", "limit", "cursor"));
  }

  private NiroResponse create(Access access, Call call) {
    RequestJson.NewCluster body = door.body(call, RequestJson.NewCluster.class);
    OrganizationId organization = access.organization(body.organization());
    access.require(Permission.WRITE, organization);
    if (body.name() == null) {
      throw new FieldException("name", "is required");
    }
    Environment environment =
        Objects.requireNonNullElse(environment(body.environment()), Environment.UNSPECIFIED);
    Map<String, String> labels =
        Objects.requireNonNullElse(Labels.checked(body.labels()), Map.<String, String>of());
    NewCluster made =
        clusters.create(
            organization,
            new ClusterSpec(body.name(), environment, labels),
            access.caller().name());
    feed.clusterChanged(made.id(), organization);
    ClusterView view = fleet.cluster(made.id()).orElseThrow();
    EnrollmentJson enrollment = installer.enrollment(made.enrollment());
    NiroResponse response =
        door.answer(201, new EnrollmentJson.Created(ClusterJson.of(view), enrollment));
    return Answers.with(response, "location", ALL + "/" + made.id());
  }

  private NiroResponse list(Access access, Call call) {
    Set<ClusterStatus> statuses =
        call.queryAll("status", ClusterStatus.values(), ClusterStatus::wireName);
    Set<Environment> environments =
        call.queryAll("environment", Environment.values(), Environment::wireName);
    Set<String> labels = call.queryAll("label");
    String text = call.text();
    return door.answer(
        200,
        Paging.page(
            "clusters",
            call,
            door.clusters(access).stream()
                .filter(view -> statuses.isEmpty() || statuses.contains(view.status()))
                .filter(
                    view ->
                        environments.isEmpty()
                            || environments.contains(view.cluster().environment()))
                .filter(view -> Labels.match(view.cluster().labels(), labels))
                .filter(view -> contains(view, text)),
            view -> Paging.key(view.cluster().name(), view.cluster().id().value()),
            ClusterJson::of));
  }

  private static boolean contains(ClusterView view, String text) {
    return Choices.lower(view.cluster().name()).contains(text)
        || Choices.lower(view.cluster().id().value()).contains(text);
  }

  private NiroResponse update(Access access, Call call) {
    ClusterView view = door.cluster(access, call, Permission.WRITE);
    RequestJson.ClusterPatch body = door.body(call, RequestJson.ClusterPatch.class);
    ClusterId id = view.cluster().id();
    ClusterChange change =
        new ClusterChange(
            body.name(),
            environment(body.environment()),
            Labels.checked(body.labels()),
            body.unknownAfterSeconds(),
            body.offlineAfterSeconds());
    clusters.update(id, change, access.caller().name());
    feed.clusterChanged(id, view.cluster().organization());
    return shown(door.cluster(access, call));
  }

  private static @Nullable Environment environment(@Nullable String name) {
    return name == null
        ? null
        : Choices.parse("environment", name, Environment.values(), Environment::wireName);
  }

  private NiroResponse delete(Access access, Call call) {
    ClusterView view = door.cluster(access, call, Permission.ADMINISTER);
    String name = view.cluster().name();
    String confirmed = call.query("confirm");
    if (confirmed == null || !name.equals(VisibleText.composed(confirmed))) {
      throw new InvalidRequestException(
          ErrorCode.CONFIRMATION_REQUIRED,
          "repeat the cluster's name as ?confirm= to delete it: " + name);
    }
    clusters.delete(view.cluster().id(), access.caller().name());
    feed.clusterGone(view.cluster().id(), view.cluster().organization());
    return Answers.noContent();
  }

  private NiroResponse enroll(Access access, Call call) {
    ClusterView view = door.cluster(access, call, Permission.WRITE);
    boolean takeOver =
        call.hasBody()
            && Boolean.TRUE.equals(door.body(call, RequestJson.NewEnrollment.class).takeOver());
    return door.answer(
        201,
        installer.enrollment(
            clusters.newToken(view.cluster().id(), takeOver, access.caller().name())));
  }

  private NiroResponse rotateKey(Access access, Call call) {
    ClusterView view = door.cluster(access, call, Permission.WRITE);
    clusters.rotateKey(view.cluster().id(), access.caller().name());
    return door.answer(202, ClusterJson.of(view));
  }

  private NiroResponse timeline(Access access, Call call) {
    ClusterId id = door.cluster(access, call).cluster().id();
    return door.answer(
        200,
        Paging.page(
            "timeline",
            fleet.timeline(id, call.queryList("kind"), Paging.request("timeline", call)),
            TimelineJson::of));
  }

  private NiroResponse shown(ClusterView view) {
    return door.answer(200, ClusterJson.of(view));
  }
}
