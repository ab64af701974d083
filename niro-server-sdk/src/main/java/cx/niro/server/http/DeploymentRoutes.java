package cx.niro.server.http;

import cx.niro.core.ClusterId;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.managed.ApplyOptions;
import cx.niro.core.protocol.Limits;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.server.ClusterView;
import cx.niro.server.Deployments;
import cx.niro.server.internal.rest.CommandJson;
import cx.niro.server.internal.rest.DeploymentJson;
import cx.niro.server.internal.rest.ListJson;
import cx.niro.server.internal.rest.RequestJson;
import cx.niro.server.spi.AccessControl.Permission;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.DeploymentRow;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Managed deployments of a cluster. */
final class DeploymentRoutes {
  private static final long MAX_BODY = Limits.COMMAND_PAYLOAD_BYTES + Limits.SMALL_BYTES;
  private static final String ALL = "/api/v1/clusters/{cluster}/deployments";
  private static final String ONE = ALL + "/{name}";
  private static final String DEFAULT_NAMESPACE = "default";

  private final RestDoor door;
  private final Deployments deployments;
  private final NiroCodec codec;
  private final ChangeFeed feed;

  DeploymentRoutes(RestDoor door, Deployments deployments, NiroCodec codec, ChangeFeed feed) {
    this.door = door;
    this.deployments = deployments;
    this.codec = codec;
    this.feed = feed;
  }

  List<Route> routes() {
    return List.of(
        door.get(ALL, this::list, "limit", "cursor"),
        door.route("POST", ALL, MAX_BODY, this::create),
        door.get(ONE, this::show),
        door.route("PUT", ONE, MAX_BODY, this::replace),
        door.delete(ONE, this::delete, "removeData", "forget"),
        door.route("POST", ONE + "/apply", Limits.SMALL_BYTES, this::apply),
        door.route("POST", ONE + "/rollback", Limits.SMALL_BYTES, this::rollback),
        door.route("POST", ONE + "/diff", 0, this::diff),
        door.get(ONE + "/history", this::history),
        door.get(ONE + "/history/{revision}", this::revision));
  }

  private NiroResponse list(Access access, Call call) {
    ClusterId id = door.cluster(access, call).cluster().id();
    return door.answer(
        200,
        Paging.page(
            "deployments",
            call,
            deployments.list(id).stream(),
            DeploymentRow::name,
            DeploymentJson::of));
  }

  private NiroResponse show(Access access, Call call) {
    ClusterId id = door.cluster(access, call).cluster().id();
    String name = name(call);
    Deployments.View view = deployments.find(id, name).orElseThrow(() -> notFound(name));
    return door.answer(200, DeploymentJson.of(view, null));
  }

  private static InvalidRequestException notFound(String name) {
    return new InvalidRequestException(
        ErrorCode.NOT_FOUND, "there is no managed deployment " + Shown.text(name));
  }

  private static String name(Call call) {
    return Objects.requireNonNull(call.parameters().get("name"));
  }

  private NiroResponse create(Access access, Call call) {
    ClusterView view = door.cluster(access, call, Permission.WRITE);
    RequestJson.NewDeployment body = door.body(call, RequestJson.NewDeployment.class);
    if (body.name() == null) {
      throw new FieldException("name", "is required");
    }
    Deployments.Sent sent =
        deployments.create(
            view.cluster().id(),
            spec(body, body.name(), DEFAULT_NAMESPACE),
            options(body.adopt(), body.forceConflicts(), body.removeData()),
            access.caller().name());
    ClusterId id = view.cluster().id();
    return Answers.with(
        sent(201, view, sent),
        "location",
        "/api/v1/clusters/" + id + "/deployments/" + sent.deployment().name());
  }

  private NiroResponse replace(Access access, Call call) {
    ClusterView view = door.cluster(access, call, Permission.WRITE);
    RequestJson.NewDeployment body = door.body(call, RequestJson.NewDeployment.class);
    String name = name(call);
    if (body.name() != null && !body.name().equals(name)) {
      throw new FieldException("name", "must be that of the path, or left out");
    }
    ClusterId id = view.cluster().id();
    String namespace =
        deployments.list(id).stream()
            .filter(there -> there.name().equals(name))
            .map(DeploymentRow::namespace)
            .findFirst()
            .orElse(DEFAULT_NAMESPACE);
    return sent(
        200,
        view,
        deployments.put(
            id,
            spec(body, name, namespace),
            options(body.adopt(), body.forceConflicts(), body.removeData()),
            access.caller().name()));
  }

  private Deployments.Spec spec(RequestJson.NewDeployment body, String name, String otherwise) {
    String namespace = Objects.requireNonNullElse(body.namespace(), otherwise);
    return new Deployments.Spec(
        name, namespace, ManifestBody.parse(codec, body.manifests(), namespace), body.cedeTo());
  }

  private static ApplyOptions options(
      @Nullable Boolean adopt, @Nullable Boolean forceConflicts, @Nullable Boolean removeData) {
    return new ApplyOptions(
        Boolean.TRUE.equals(adopt),
        Boolean.TRUE.equals(forceConflicts),
        Boolean.TRUE.equals(removeData),
        List.of());
  }

  private NiroResponse sent(int status, ClusterView view, Deployments.Sent sent) {
    feed.commandChanged(sent.command(), view.cluster().organization());
    return door.answer(status, DeploymentJson.of(sent.view(), sent.findings()));
  }

  private NiroResponse apply(Access access, Call call) {
    ClusterView view = door.cluster(access, call, Permission.WRITE);
    RequestJson.NewApply body =
        call.hasBody()
            ? door.body(call, RequestJson.NewApply.class)
            : new RequestJson.NewApply(null, null, null);
    ApplyOptions options = options(body.adopt(), body.forceConflicts(), body.removeData());
    return sent(
        202,
        view,
        deployments.apply(view.cluster().id(), name(call), options, access.caller().name()));
  }

  private NiroResponse rollback(Access access, Call call) {
    ClusterView view = door.cluster(access, call, Permission.WRITE);
    RequestJson.Rollback body = door.body(call, RequestJson.Rollback.class);
    if (body.revision() == null) {
      throw new FieldException("revision", "is required");
    }
    return sent(
        202,
        view,
        deployments.rollback(
            view.cluster().id(),
            name(call),
            body.revision(),
            options(body.adopt(), body.forceConflicts(), body.removeData()),
            access.caller().name()));
  }

  private NiroResponse diff(Access access, Call call) {
    ClusterView view = door.cluster(access, call, Permission.WRITE);
    return told(view, deployments.diff(view.cluster().id(), name(call), access.caller().name()));
  }

  private NiroResponse told(ClusterView view, CommandRow command) {
    feed.commandChanged(command, view.cluster().organization());
    return door.answer(202, CommandJson.of(command));
  }

  private NiroResponse delete(Access access, Call call) {
    ClusterView view = door.cluster(access, call, Permission.WRITE);
    boolean removeData = Boolean.TRUE.equals(call.flag("removeData"));
    String actor = access.caller().name();
    if (Boolean.TRUE.equals(call.flag("forget"))) {
      if (removeData) {
        throw new FieldException("forget", "leaves everything in the cluster, data too");
      }
      deployments.forget(view.cluster().id(), name(call), actor);
      return Answers.noContent();
    }
    return told(view, deployments.delete(view.cluster().id(), name(call), removeData, actor));
  }

  private NiroResponse history(Access access, Call call) {
    ClusterId id = door.cluster(access, call).cluster().id();
    List<Object> items =
        deployments.history(id, name(call)).stream().<Object>map(DeploymentJson.Apply::of).toList();
    return door.answer(200, new ListJson(items, null));
  }

  private NiroResponse revision(Access access, Call call) {
    ClusterId id = door.cluster(access, call).cluster().id();
    long revision = call.id("revision", Long::parseLong);
    return deployments
        .manifests(id, name(call), revision)
        .map(set -> new DeploymentJson.Revision(revision, DeploymentJson.Written.all(set)))
        .map(shown -> door.answer(200, shown))
        .orElseThrow(
            () ->
                new InvalidRequestException(
                    ErrorCode.NOT_FOUND, "revision " + revision + " is not kept"));
  }
}
