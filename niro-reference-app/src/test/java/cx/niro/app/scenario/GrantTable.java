package cx.niro.app.scenario;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** What the agent's account may do, by what it was installed with; of everything else, nothing. */
final class GrantTable {
  /**
   * Verbs; resource, perhaps one name, perhaps in one namespace; the grants that allow it, of
   * always, pods, logs, apply, update. A minus stands for: under NIRO_APPLY_SCOPE=admin only.
   */
  private static final String ROWS =
      """
      get list watch            | nodes                                         | always
      create patch delete       | nodes                                         | -
      get create                | nodes/proxy                                   | -
      patch                     | nodes/status                                  | -
      get                       | namespaces kube-system                        | always
      get list watch            | namespaces                                    | apply
      create patch delete       | namespaces                                    | apply
      update deletecollection   | namespaces                                    | -
      list watch                | events in default                             | always
      list watch                | events                                        | pods
      get create patch delete   | events                                        | -
      get list                  | nodes.metrics.k8s.io                          | always
      get list                  | pods.metrics.k8s.io                           | pods

      get patch                 | secrets niro-agent in niro-system             | always
      update                    | secrets niro-agent in niro-system             | always
      delete                    | secrets niro-agent in niro-system             | apply
      get create patch delete   | secrets in niro-system                        | apply
      get create patch delete   | secrets                                       | apply
      list watch                | secrets                                       | -
      list watch                | secrets in niro-system                        | -
      update deletecollection   | secrets                                       | -

      get list watch            | pods                                          | pods apply
      create patch delete       | pods                                          | apply
      update deletecollection   | pods                                          | -
      get                       | pods/log                                      | logs
      create get                | pods/exec                                     | -
      create get                | pods/attach                                   | -
      create get                | pods/portforward                              | -
      create get                | pods/proxy                                    | -
      patch                     | pods/status                                   | -
      patch                     | pods/ephemeralcontainers                      | -
      create                    | pods/eviction                                 | -
      create                    | pods/binding                                  | -

      list watch                | persistentvolumeclaims                        | pods apply
      get create patch delete   | persistentvolumeclaims                        | apply
      list watch                | serviceaccounts                               | pods apply
      get create patch delete   | serviceaccounts                               | apply
      create                    | serviceaccounts/token                         | -
      create                    | serviceaccounts/token niro-agent in niro-system | -
      impersonate               | serviceaccounts                               | -
      impersonate               | users                                         | -
      impersonate               | groups                                        | -

      list watch                | deployments.apps                              | pods apply
      get create patch delete   | deployments.apps                              | apply
      update deletecollection   | deployments.apps                              | -
      patch                     | deployments.apps/scale                        | -
      patch                     | deployments.apps/status                       | -
      get patch                 | deployments.apps niro-agent in niro-system    | update apply
      update                    | deployments.apps niro-agent in niro-system    | -
      delete                    | deployments.apps niro-agent in niro-system    | apply
      get patch create delete   | deployments.apps other in niro-system         | apply
      list watch                | statefulsets.apps                             | pods apply
      list watch                | daemonsets.apps                               | pods apply
      list watch                | replicasets.apps                              | pods apply
      get create patch delete   | statefulsets.apps                             | apply
      get create patch delete   | daemonsets.apps                               | apply
      get create patch delete   | replicasets.apps                              | apply
      get list create patch     | controllerrevisions.apps                      | apply
      list watch                | jobs.batch                                    | pods apply
      list watch                | cronjobs.batch                                | pods apply
      get create patch delete   | jobs.batch                                    | apply
      get create patch delete   | cronjobs.batch                                | apply
      list watch                | horizontalpodautoscalers.autoscaling          | pods apply
      get create patch delete   | horizontalpodautoscalers.autoscaling          | apply

      get list watch create patch delete | configmaps                           | apply
      get list watch create patch delete | services                             | apply
      get list watch create patch delete | endpoints                            | apply
      get list watch create patch delete | limitranges                          | apply
      get list watch create patch delete | resourcequotas                       | apply
      get list watch create patch delete | podtemplates                         | apply
      get list watch create patch delete | replicationcontrollers               | apply
      get list watch create patch delete | ingresses.networking.k8s.io          | apply
      get list watch create patch delete | networkpolicies.networking.k8s.io    | apply
      get list watch create patch delete | poddisruptionbudgets.policy          | apply
      get create                | services/proxy                                | -

      get list create patch delete escalate bind | roles.rbac.authorization.k8s.io        | -
      get list create patch delete escalate bind | clusterroles.rbac.authorization.k8s.io | -
      get list create patch delete | rolebindings.rbac.authorization.k8s.io        | -
      get list create patch delete | clusterrolebindings.rbac.authorization.k8s.io | -
      get list create patch     | customresourcedefinitions.apiextensions.k8s.io | -
      get list create patch     | validatingwebhookconfigurations.admissionregistration.k8s.io | -
      get list create patch     | mutatingwebhookconfigurations.admissionregistration.k8s.io | -
      get list create patch     | apiservices.apiregistration.k8s.io            | -
      get list create patch     | persistentvolumes                             | -
      get list create patch     | storageclasses.storage.k8s.io                 | -
      get list create patch     | priorityclasses.scheduling.k8s.io             | -
      get list create patch     | ingressclasses.networking.k8s.io              | -
      get list create patch     | leases.coordination.k8s.io                    | -
      get create                | certificatesigningrequests.certificates.k8s.io | -
      create                    | tokenreviews.authentication.k8s.io            | -
      create                    | subjectaccessreviews.authorization.k8s.io     | -
      """;

  private record Row(List<String> verbs, String what, Set<String> grants) {
    static Row of(String line) {
      String[] cells = line.split("\\|");
      return new Row(words(cells[0]), cells[1].strip(), Set.copyOf(words(cells[2])));
    }

    private static List<String> words(String cell) {
      return Arrays.asList(cell.strip().split(" +"));
    }

    /** As an access review asks it. */
    String attributes(String verb) {
      String[] place = what.split(" in ");
      String[] named = place[0].split(" ");
      String[] sub = named[0].split("/");
      int dot = sub[0].indexOf('.');
      String resource = dot < 0 ? sub[0] : sub[0].substring(0, dot);
      String group = dot < 0 ? "" : sub[0].substring(dot + 1);
      return "'verb':'%s','group':'%s','resource':'%s','subresource':'%s','name':'%s','namespace':'%s'"
          .formatted(
              verb,
              group,
              resource,
              sub.length > 1 ? sub[1] : "",
              named.length > 1 ? named[1] : "",
              place.length > 1 ? place[1] : "");
    }
  }

  private GrantTable() {}

  /**
   * Asks everything as the account; gives what is answered otherwise than it should be.
   *
   * @param all whether the account is an administrator
   */
  static List<String> differences(ApiCalls account, Set<String> grants, boolean all)
      throws IOException {
    List<String> wrong = new ArrayList<>();
    for (String line : ROWS.lines().filter(each -> !each.isBlank()).toList()) {
      Row row = Row.of(line);
      boolean wanted = all || row.grants().stream().anyMatch(grants::contains);
      for (String verb : row.verbs()) {
        if (account.may(row.attributes(verb)) != wanted) {
          wrong.add(
              verb
                  + " "
                  + row.what()
                  + (wanted ? " is refused" : " is allowed")
                  + " with "
                  + grants);
        }
      }
    }
    return wrong;
  }
}
