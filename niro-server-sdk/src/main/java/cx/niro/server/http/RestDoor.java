package cx.niro.server.http;

import cx.niro.core.ClusterId;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.OrganizationId;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.server.Audit;
import cx.niro.server.ClusterView;
import cx.niro.server.Fleet;
import cx.niro.server.NiroServer;
import cx.niro.server.spi.AccessControl;
import cx.niro.server.spi.AccessControl.Caller;
import cx.niro.server.spi.AccessControl.Permission;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * What every call of the REST API goes through: who calls, which cluster is meant and whether he
 * sees it, the body, the answer.
 */
final class RestDoor {
  /** The order of every list of clusters. */
  static final Comparator<ClusterView> BY_NAME =
      Comparator.comparing((ClusterView view) -> view.cluster().name())
          .thenComparing(view -> view.cluster().id().value());

  private final AccessControl accessControl;
  private final Fleet fleet;
  private final Audit audit;
  private final NiroCodec codec;
  private final Bodies bodies;

  RestDoor(AccessControl accessControl, NiroServer server, NiroCodec codec, Bodies bodies) {
    this.accessControl = accessControl;
    this.fleet = server.fleet();
    this.audit = server.audit();
    this.codec = codec;
    this.bodies = bodies;
  }

  Route get(String template, BiFunction<Access, Call, NiroResponse> action, String... parameters) {
    return door("GET", template, 0, answered(action), parameters);
  }

  Route delete(
      String template, BiFunction<Access, Call, NiroResponse> action, String... parameters) {
    return door("DELETE", template, 0, answered(action), parameters);
  }

  /** A route with a body of at most so many bytes. */
  Route route(
      String method, String template, long maxBody, BiFunction<Access, Call, NiroResponse> action) {
    return door(method, template, maxBody, answered(action));
  }

  /** A route that may be answered later. */
  Route later(
      String template,
      BiFunction<Access, Call, CompletionStage<NiroResponse>> action,
      String... parameters) {
    return door("GET", template, 0, action, parameters);
  }

  private static BiFunction<Access, Call, CompletionStage<NiroResponse>> answered(
      BiFunction<Access, Call, NiroResponse> action) {
    return action.andThen(CompletableFuture::completedFuture);
  }

  /** Refuses every parameter of the query but these. */
  private Route door(
      String method,
      String template,
      long maxBody,
      BiFunction<Access, Call, CompletionStage<NiroResponse>> action,
      String... parameters) {
    Set<String> known = new TreeSet<>(List.of(parameters));
    String deed = method.equals("GET") ? "" : method + " " + template;
    return new Route(
        method,
        template,
        known,
        Route.Terms.known(maxBody, Admission.Kind.CALLS),
        head -> {
          Access access = enter(head);
          head.refuseOthers(known);
          return call ->
              deed.isEmpty() ? action.apply(access, call) : audited(deed, action, access, call);
        });
  }

  private CompletionStage<NiroResponse> audited(
      String deed,
      BiFunction<Access, Call, CompletionStage<NiroResponse>> action,
      Access access,
      Call call) {
    Trail trail = new Trail(audit, access.caller(), deed, call.request());
    return trail.follow(() -> action.apply(access.with(trail), call));
  }

  /** Who calls and what he sees; he must be known. */
  Access enter(Call call) {
    Caller caller =
        accessControl
            .authenticate(call.request())
            .orElseThrow(
                () ->
                    new InvalidRequestException(
                        ErrorCode.NOT_AUTHENTICATED,
                        "send an API token as Authorization: Bearer, or log in"));
    Set<OrganizationId> readable =
        caller.organizations().stream()
            .filter(organization -> caller.may(Permission.READ, organization))
            .collect(Collectors.toUnmodifiableSet());
    return new Access(caller, readable, null);
  }

  /** The cluster that the path names; one that the caller may not see does not exist. */
  ClusterView cluster(Access access, Call call) {
    ClusterId id = call.id("cluster", ClusterId::new);
    return fleet
        .cluster(id)
        .filter(access::sees)
        .orElseThrow(
            () -> new InvalidRequestException(ErrorCode.NOT_FOUND, "there is no cluster " + id));
  }

  /** The same for a call that changes something there. */
  ClusterView cluster(Access access, Call call, Permission permission) {
    ClusterView view = cluster(access, call);
    access.require(permission, view.cluster().organization());
    return view;
  }

  /** All clusters that the caller sees, in order. */
  List<ClusterView> clusters(Access access) {
    return fleet.clusters(access.organizations()).stream().sorted(BY_NAME).toList();
  }

  /** Those of them that the parameter {@code cluster} names; all without it. */
  List<ClusterView> wanted(Access access, Call call) {
    Set<String> wanted = call.queryAll("cluster");
    return clusters(access).stream()
        .filter(view -> wanted.isEmpty() || wanted.contains(view.cluster().id().value()))
        .toList();
  }

  <T> T body(Call call, Class<T> type) {
    return bodies.read(codec, call.request(), type, call.maxBody());
  }

  NiroResponse answer(int status, Object value) {
    return Answers.json(codec, status, value);
  }
}
