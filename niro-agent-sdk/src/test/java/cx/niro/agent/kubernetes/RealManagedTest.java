package cx.niro.agent.kubernetes;

import static cx.niro.agent.kubernetes.Deploying.actions;
import static cx.niro.agent.kubernetes.Deploying.states;
import static cx.niro.core.managed.ObjectAction.CONFIGURED;
import static cx.niro.core.managed.ObjectAction.CREATED;
import static cx.niro.core.managed.ObjectAction.FAILED;
import static cx.niro.core.managed.ObjectAction.PRUNED;
import static cx.niro.core.managed.ObjectAction.SKIPPED;
import static cx.niro.core.managed.ObjectAction.UNCHANGED;
import static cx.niro.core.managed.ObjectDrift.State.IN_SYNC;
import static cx.niro.core.managed.ObjectDrift.State.MISSING;
import static cx.niro.core.managed.ObjectDrift.State.MODIFIED;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.managed.ApplyReport;
import cx.niro.core.managed.ApplyStatus;
import cx.niro.core.managed.CededField;
import cx.niro.core.managed.DiffReport;
import cx.niro.core.managed.DriftState;
import cx.niro.core.managed.FieldChange;
import cx.niro.core.managed.ObjectResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Beside the contract, what only a real API server knows: defaults, definitions, RBAC, scale. */
@RealClusterOnly
class RealManagedTest extends ManagedContract {
  @Override
  TestCluster open() throws Exception {
    return TestCluster.real();
  }

  private String group() {
    return cluster.namespace() + ".example.com";
  }

  private String definition() {
    cluster.removeLater(
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/coffees." + group());
    return """
    {'apiVersion':'apiextensions.k8s.io/v1','kind':'CustomResourceDefinition','metadata':{'name':'coffees.%s'},'spec':{
      'group':'%s','scope':'Namespaced','names':{'plural':'coffees','singular':'coffee','kind':'Coffee','listKind':'CoffeeList'},
      'versions':[{'name':'v1','served':true,'storage':true,'schema':{'openAPIV3Schema':{'type':'object','properties':{
        'spec':{'type':'object','properties':{'cups':{'type':'integer'}}}}}}}]}}
    """
        .formatted(group(), group());
  }

  private String coffee(String name, int cups) {
    return "{'apiVersion':'%s/v1','kind':'Coffee','metadata':{'name':'%s'},'spec':{'cups':%d}}"
        .formatted(group(), name, cups);
  }

  private String namespace(String name) {
    cluster.removeLater("/api/v1/namespaces/" + name);
    return "{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'%s'}}".formatted(name);
  }

  private static String in(String namespace, String object) {
    return object.replaceFirst("'metadata':\\{", "'metadata':{'namespace':'" + namespace + "',");
  }

  @Test
  void a_definition_its_instances_and_a_namespace_come_in_one_apply() throws Exception {
    String ns = cluster.namespace() + "-new";
    String[] objects = {
      in(ns, coffee("flat-white", 2)), definition(), in(ns, config("a", "blue")), namespace(ns)
    };
    ApplyReport report = web.apply(1, objects);
    assertThat(actions(report)).as("%s", report).containsOnly(CREATED);
    assertThat(actions(web.apply(1, objects))).containsOnly(UNCHANGED);
    assertThat(states(web.diff(1, objects))).containsOnly(IN_SYNC);
  }

  @Test
  void what_fails_only_in_earnest_leaves_the_rest_applied() throws Exception {
    String wrong =
        "{'apiVersion':'%s/v1','kind':'Coffee','metadata':{'name':'x'},'spec':{'cups':'many'}}"
            .formatted(group());
    ApplyReport report = web.apply(1, definition(), coffee("good", 1), wrong);
    assertThat(actions(report)).containsExactly(CREATED, CREATED, FAILED);
    assertThat(report.objects().get(2).message()).contains("spec.cups");
    assertThat(report.status()).isEqualTo(ApplyStatus.PARTIAL);
  }

  @Test
  void a_kind_beyond_the_grant_fails_with_the_role_and_label_to_add() throws Exception {
    web.apply(1, definition());
    String home = cluster.namespace() + "-home";
    cluster.create(
        "/apis/rbac.authorization.k8s.io/v1/clusterroles",
        """
        {'metadata':{'name':'%s'},'rules':[
          {'apiGroups':[''],'resources':['configmaps'],'verbs':['get','create','patch','delete']}]}
        """
            .formatted(cluster.namespace()));
    cluster.create(
        "/api/v1/namespaces/" + home + "/serviceaccounts", "{'metadata':{'name':'agent'}}");
    cluster.create(
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
        """
        {'metadata':{'name':'%s'},'roleRef':{'apiGroup':'rbac.authorization.k8s.io','kind':'ClusterRole','name':'%s'},
         'subjects':[{'kind':'ServiceAccount','name':'agent','namespace':'%s'}]}
        """
            .formatted(cluster.namespace(), cluster.namespace(), home));
    String token =
        Json.of(
                cluster
                    .admin()
                    .send(
                        ApiRequest.post(
                            "/api/v1/namespaces/" + home + "/serviceaccounts/agent/token",
                            TestCluster.parse(
                                "{'apiVersion':'authentication.k8s.io/v1','kind':'TokenRequest','spec':{}}"))))
            .child("status")
            .text("token", 8192);
    try (Deploying limited =
        new Deploying(cluster.client("agent", token), home, "limited", cluster.namespace())) {
      ApplyReport report = limited.apply(1, config("a", "blue"), coffee("x", 1));
      assertThat(actions(report)).as("%s", report).containsExactly(CREATED, FAILED);
      assertThat(report.objects().get(1).message())
          .isEqualTo(
              "the agent may not get coffees.%s; add a ClusterRole with the label niro.cx/aggregate-to-apply: \"true\" and the verbs get, list, watch, create, patch, delete on coffees of API group \"%s\""
                  .formatted(group(), group()));
    }
  }

  @Test
  void its_own_permissions_are_refused() throws Exception {
    ApplyReport report =
        web.apply(
            1,
            """
            {'apiVersion':'rbac.authorization.k8s.io/v1','kind':'ClusterRoleBinding','metadata':{'name':'x'},
             'roleRef':{'apiGroup':'rbac.authorization.k8s.io','kind':'ClusterRole','name':'view'},
             'subjects':[{'kind':'ServiceAccount','name':'niro-agent','namespace':'%s-home'}]}
            """
                .formatted(cluster.namespace()),
            "{'apiVersion':'rbac.authorization.k8s.io/v1','kind':'ClusterRole','metadata':{'name':'x','labels':{'niro.cx/aggregate-to-apply':'true'}}}",
            "{'apiVersion':'rbac.authorization.k8s.io/v1','kind':'ClusterRole','metadata':{'name':'niro-agent-apply'}}");
    assertThat(report.objects())
        .extracting(ObjectResult::message)
        .containsOnly("the agent does not change its own permissions")
        .hasSize(3);
  }

  @Test
  void drift_is_what_somebody_changed_and_not_what_the_api_server_filled_in() throws Exception {
    String[] objects = {deployment("web", "0.5"), config("a", "blue"), config("b", "blue")};
    web.apply(1, objects);
    DiffReport calm = web.diff(1, objects);
    assertThat(calm.state()).isEqualTo(DriftState.IN_SYNC);
    String path = cluster.in("/apis/apps/v1", "deployments") + "/web";
    editAs("kubectl-edit", path, "{'spec':{'replicas':5},'metadata':{'labels':{'mine':'yes'}}}");
    editAs("operator", map("b"), "{'data':{'more':'x'}}");
    cluster.delete(map("a"));
    DiffReport report = web.diff(1, objects);
    assertThat(report.state()).isEqualTo(DriftState.DRIFTED);
    assertThat(states(report)).containsExactly(MODIFIED, MISSING, IN_SYNC);
    assertThat(report.objects().get(0).changes())
        .containsExactly(new FieldChange("/spec/replicas", "2", "5", "kubectl-edit"));
  }

  @Test
  void what_a_scale_client_owns_is_neither_applied_nor_drift() throws Exception {
    web.apply(1, deployment("web", "1"));
    String path = cluster.in("/apis/apps/v1", "deployments") + "/web";
    editAs("kube-controller-manager", path + "/scale", "{'spec':{'replicas':4}}");
    DiffReport diff = web.diff(1, deployment("web", "1"));
    assertThat(diff.state()).isEqualTo(DriftState.IN_SYNC);
    assertThat(diff.ceded())
        .extracting(CededField::path, CededField::manager)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("/spec/replicas", "kube-controller-manager"));
    ApplyReport report = web.apply(2, deployment("web", "2"));
    assertThat(actions(report)).containsExactly(CONFIGURED);
    assertThat(report.ceded()).hasSize(1);
    Json live = Json.of(cluster.admin().send(ApiRequest.get(path)));
    assertThat(live.child("spec").integer("replicas")).isEqualTo(4);
  }

  @Test
  void a_hundred_mixed_objects_are_told_apart() throws Exception {
    List<String> objects = hundred(0);
    String[] first = objects.toArray(String[]::new);
    long start = System.nanoTime();
    ApplyReport created = web.apply(1, first);
    long applied = System.nanoTime();
    assertThat(created.status()).as("%s", created).isEqualTo(ApplyStatus.SUCCEEDED);
    assertThat(actions(created)).hasSize(100).containsOnly(CREATED);
    ApplyReport again = web.apply(1, first);
    long repeated = System.nanoTime();
    System.out.printf(
        "100 mixed objects: created in %d ms, unchanged in %d ms%n",
        (applied - start) / 1_000_000, (repeated - applied) / 1_000_000);
    assertThat(actions(again)).hasSize(100).containsOnly(UNCHANGED);

    cluster.delete("/api/v1/namespaces/" + hundredNamespace() + "/configmaps/c-0");
    cluster.create(
        "/api/v1/namespaces/" + hundredNamespace() + "/configmaps", "{'metadata':{'name':'c-0'}}");
    List<String> fewer = new ArrayList<>(hundred(1));
    fewer.removeIf(object -> object.contains("'name':'c-0'") || object.contains("'name':'d-1'"));
    ApplyReport changed = web.apply(2, fewer.toArray(String[]::new));
    assertThat(changed.status()).as("%s", changed).isEqualTo(ApplyStatus.SUCCEEDED);
    assertThat(changed.objects().stream().filter(r -> r.action() == CONFIGURED))
        .extracting(result -> result.object().kind())
        .containsOnly("ConfigMap", "Coffee", "Deployment")
        .hasSize(19 + 10 + 19);
    assertThat(changed.objects().stream().filter(r -> r.action() == PRUNED))
        .extracting(result -> result.object().name())
        .containsExactly("d-1");
    assertThat(changed.objects().stream().filter(r -> r.action() == SKIPPED))
        .extracting(result -> result.object().name())
        .containsExactly("c-0");
    assertThat(web.delete(3, true).status()).isEqualTo(ApplyStatus.SUCCEEDED);
  }

  private String hundredNamespace() {
    return cluster.namespace() + "-hundred";
  }

  /** A namespace, a definition with 10 instances, RBAC, configuration, services, workloads. */
  private List<String> hundred(int version) {
    String ns = hundredNamespace();
    List<String> objects = new ArrayList<>(List.of(namespace(ns), definition()));
    for (int i = 0; i < 10; i++) {
      objects.add(in(ns, coffee("f-" + i, version + i)));
      objects.add(
          in(
              ns,
              "{'apiVersion':'v1','kind':'ServiceAccount','metadata':{'name':'s-%d'}}"
                  .formatted(i)));
      objects.add(in(ns, role(i)));
      objects.add(in(ns, binding(i)));
    }
    for (int i = 0; i < 20; i++) {
      objects.add(in(ns, config("c-" + i, "version-" + version)));
      objects.add(in(ns, deployment("d-" + i, version == 0 ? "0.5" : "0.25")));
    }
    for (int i = 0; i < 10; i++) {
      objects.add(
          in(
              ns,
              "{'apiVersion':'v1','kind':'Service','metadata':{'name':'v-%d'},'spec':{'selector':{'app':'d-%d'},'ports':[{'port':80}]}}"
                  .formatted(i, i)));
    }
    for (int i = 0; i < 8; i++) {
      objects.add(
          in(
              ns,
              "{'apiVersion':'v1','kind':'Secret','metadata':{'name':'x-%d'},'stringData':{'k':'v'}}"
                  .formatted(i)));
    }
    return objects;
  }

  private static String role(int i) {
    return "{'apiVersion':'rbac.authorization.k8s.io/v1','kind':'Role','metadata':{'name':'r-%d'},'rules':[{'apiGroups':[''],'resources':['pods'],'verbs':['get']}]}"
        .formatted(i);
  }

  private static String binding(int i) {
    return "{'apiVersion':'rbac.authorization.k8s.io/v1','kind':'RoleBinding','metadata':{'name':'r-%d'},'roleRef':{'apiGroup':'rbac.authorization.k8s.io','kind':'Role','name':'r-%d'},'subjects':[{'kind':'ServiceAccount','name':'s-%d'}]}"
        .formatted(i, i, i);
  }
}
