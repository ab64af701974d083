package cx.niro.app.scenario;

import java.util.ArrayList;
import java.util.List;

/**
 * A hundred objects of one namespace: it, a definition with ten instances, RBAC, configuration,
 * services, workloads; with single quotes.
 */
record MixedObjects(String namespace, int version) {
  /** The namespace and the definition, which others need. */
  List<String> first() {
    return List.of(
        "{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'%s'}}".formatted(namespace),
        """
        {'apiVersion':'apiextensions.k8s.io/v1','kind':'CustomResourceDefinition','metadata':{'name':'coffees.%s'},'spec':{
          'group':'%s','scope':'Namespaced','names':{'plural':'coffees','singular':'coffee','kind':'Coffee','listKind':'CoffeeList'},
          'versions':[{'name':'v1','served':true,'storage':true,'schema':{'openAPIV3Schema':{'type':'object','properties':{
            'spec':{'type':'object','properties':{'cups':{'type':'integer'}}}}}}}]}}
        """
            .formatted(group(), group()));
  }

  String group() {
    return namespace + ".example.com";
  }

  /** The other 98. */
  List<String> rest() {
    List<String> objects = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      objects.add(object(group() + "/v1", "Coffee", "f-" + i, "'spec':{'cups':%d}", version + i));
      objects.add(object("v1", "ServiceAccount", "s-" + i, "'automountServiceAccountToken':false"));
      objects.add(
          object(
              "rbac.authorization.k8s.io/v1",
              "Role",
              "r-" + i,
              "'rules':[{'apiGroups':[''],'resources':['pods'],'verbs':['get']}]"));
      objects.add(
          object(
              "rbac.authorization.k8s.io/v1",
              "RoleBinding",
              "r-" + i,
              "'roleRef':{'apiGroup':'rbac.authorization.k8s.io','kind':'Role','name':'r-%d'},'subjects':[{'kind':'ServiceAccount','name':'s-%d'}]",
              i,
              i));
      objects.add(
          object(
              "v1",
              "Service",
              "v-" + i,
              "'spec':{'selector':{'app':'d-%d'},'ports':[{'port':80}]}",
              i));
    }
    for (int i = 0; i < 20; i++) {
      objects.add(object("v1", "ConfigMap", "c-" + i, "'data':{'version':'%d'}", version));
      objects.add(deployment(i));
    }
    for (int i = 0; i < 8; i++) {
      objects.add(object("v1", "Secret", "x-" + i, "'stringData':{'k':'v'}"));
    }
    return objects;
  }

  List<String> all() {
    List<String> objects = new ArrayList<>(first());
    objects.addAll(rest());
    return objects;
  }

  private String deployment(int i) {
    return object(
        "apps/v1",
        "Deployment",
        "d-" + i,
        "'spec':{'replicas':1,'selector':{'matchLabels':{'app':'d-%d'}},'template':{'metadata':{'labels':{'app':'d-%d'}},'spec':{'containers':[{'name':'app','image':'example/app:%d','resources':{'limits':{'cpu':'0.5'}}}]}}}",
        i,
        i,
        version + 1);
  }

  private String object(
      String apiVersion, String kind, String name, String members, Object... values) {
    return "{'apiVersion':'%s','kind':'%s','metadata':{'name':'%s','namespace':'%s'},%s}"
        .formatted(apiVersion, kind, name, namespace, members.formatted(values));
  }
}
