package cx.niro.server.http;

import cx.niro.core.ClusterId;
import cx.niro.core.Severity;
import cx.niro.core.policy.Exemption;
import cx.niro.core.policy.PolicyId;
import cx.niro.core.policy.PolicyProfile;
import cx.niro.core.protocol.Limits;
import cx.niro.server.ClusterView;
import cx.niro.server.Policies;
import cx.niro.server.internal.rest.ClusterJson;
import cx.niro.server.internal.rest.FindingJson;
import cx.niro.server.internal.rest.ListJson;
import cx.niro.server.internal.rest.PolicyJson;
import cx.niro.server.internal.rest.RequestJson;
import cx.niro.server.spi.AccessControl.Permission;
import cx.niro.server.spi.FindingFilter;
import cx.niro.server.spi.FindingRow;
import cx.niro.server.spi.Page;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Findings of policies, and what people say of the policies of a cluster. */
final class PolicyRoutes {
  private static final String CLUSTER = "/api/v1/clusters/{cluster}";

  private final RestDoor door;
  private final Policies policies;
  private final ChangeFeed feed;

  PolicyRoutes(RestDoor door, Policies policies, ChangeFeed feed) {
    this.door = door;
    this.policies = policies;
    this.feed = feed;
  }

  List<Route> routes() {
    return List.of(
        door.get(
            "/api/v1/findings",
            this::listAll,
            "cluster",
            "rule",
            "severity",
            "namespace",
            "state",
            "limit",
            "cursor"),
        door.get(
            CLUSTER + "/findings",
            this::listOfCluster,
            "rule",
            "severity",
            "namespace",
            "state",
            "limit",
            "cursor"),
        door.get(CLUSTER + "/policy", this::show),
        door.route("PUT", CLUSTER + "/policy", Limits.SMALL_BYTES, this::replace));
  }

  private NiroResponse listAll(Access access, Call call) {
    return list("findings", call, door.wanted(access, call));
  }

  private NiroResponse listOfCluster(Access access, Call call) {
    return list("cluster-findings", call, List.of(door.cluster(access, call)));
  }

  private NiroResponse list(String name, Call call, List<ClusterView> views) {
    Map<ClusterId, ClusterJson.Reference> clusters = ClusterJson.Reference.byId(views);
    Page<FindingRow> page =
        policies.findings(clusters.keySet(), filter(call), Paging.request(name, call));
    List<Object> items = new ArrayList<>();
    for (FindingRow row : page.items()) {
      items.add(FindingJson.of(row, Objects.requireNonNull(clusters.get(row.cluster()))));
    }
    return door.answer(200, new ListJson(items, Cursor.seal(name, page.nextCursor())));
  }

  private static FindingFilter filter(Call call) {
    String[] states = {FindingJson.OPEN, FindingJson.EXEMPT};
    String state = call.query("state");
    Boolean exempt =
        state == null
            ? Boolean.FALSE
            : Boolean.valueOf(
                Choices.parse("state", state, states, Function.identity())
                    .equals(FindingJson.EXEMPT));
    return new FindingFilter(
        call.queryAll("rule"),
        call.queryAll("severity", Severity.values(), Severity::wireName),
        call.queryAll("namespace"),
        exempt);
  }

  private NiroResponse show(Access access, Call call) {
    ClusterId id = door.cluster(access, call).cluster().id();
    return door.answer(200, PolicyJson.of(policies.settings(id)));
  }

  private NiroResponse replace(Access access, Call call) {
    ClusterView view = door.cluster(access, call, Permission.WRITE);
    ClusterId id = view.cluster().id();
    RequestJson.Policy body = door.body(call, RequestJson.Policy.class);
    Map<String, PolicyProfile> namespaces = new HashMap<>();
    body.namespaceProfiles()
        .forEach((name, text) -> namespaces.put(name, profile("namespaceProfiles." + name, text)));
    Policies.Said said =
        new Policies.Said(
            profile("profile", body.profile()),
            namespaces,
            body.exemptions().stream().map(PolicyRoutes::exemption).toList());
    PolicyJson written = PolicyJson.of(policies.update(id, said, access.caller().name()));
    feed.clusterChanged(id, view.cluster().organization());
    return door.answer(200, written);
  }

  private static PolicyProfile profile(String field, @Nullable String name) {
    return name == null
        ? PolicyProfile.BASELINE
        : Choices.parse(field, name, PolicyProfile.values(), PolicyProfile::wireName);
  }

  private static Exemption exemption(RequestJson.NewExemption given) {
    String reason = given.reason();
    if (reason == null || reason.isBlank()) {
      throw new FieldException("exemptions.reason", "is required");
    }
    return new Exemption(
        given.namespace(),
        given.workload(),
        given.label(),
        given.rules().stream().map(PolicyRoutes::rule).collect(Collectors.toSet()),
        reason.strip());
  }

  private static PolicyId rule(String text) {
    try {
      return new PolicyId(text);
    } catch (IllegalArgumentException e) {
      throw new FieldException("exemptions.rules", String.valueOf(e.getMessage()));
    }
  }
}
