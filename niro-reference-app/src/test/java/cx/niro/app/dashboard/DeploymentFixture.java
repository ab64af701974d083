package cx.niro.app.dashboard;

import cx.niro.app.Json;
import cx.niro.app.Printed;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;

/** What Niro keeps applied in the cluster c-01, whose agent may do everything. */
final class DeploymentFixture {
  static final String CLUSTER = "/api/v1/clusters/c-01";
  static final String ALL = CLUSTER + "/deployments";
  private static final List<String> LONG =
      List.of("cedeTo", "manifests", "objects", "ceded", "conflicts");

  private DeploymentFixture() {}

  static void serve(StubApi api) {
    api.ok(
        "GET " + CLUSTER,
        Fixtures.cluster("c-01").replace("\"pods\",", "\"pods\",\"apply\",\"selfUpdate\","));
    for (String name : List.of("gateway", "legacy", "monitoring", "shop")) {
      api.ok("GET " + ALL + "/" + name + "/history", history(name.equals("shop") ? name : "other"));
    }
    for (String revision : List.of("1", "2", "3")) {
      api.ok(
          "GET " + ALL + "/shop/history/" + revision,
          compact(((Map<?, ?>) parsed("deployment-history.json").get("revisions")).get(revision)));
    }
    api.ok("GET " + CLUSTER + "/policy", Fixtures.text("policy.json"));
    api.ok("GET " + CLUSTER + "/incidents", Fixtures.list(history("incident")));
    show(api, Fixtures.text("deployments.json"));
  }

  /** From now on these are the deployments: a list with all that there is about each. */
  static void show(StubApi api, String json) {
    List<?> items = (List<?>) ((Map<?, ?>) Json.parse(json)).get("items");
    for (Object item : items) {
      api.ok("GET " + ALL + "/" + ((Map<?, ?>) item).get("name"), compact(item));
    }
    api.ok(
        "GET " + ALL,
        Fixtures.list(items.stream().map(DeploymentFixture::brief).toArray(String[]::new)));
  }

  /** The same with one more about this deployment: replaced text, in pairs. */
  static String one(String name, String... replaced) {
    List<?> items = (List<?>) parsed("deployments.json").get("items");
    String json =
        items.stream()
            .filter(item -> name.equals(((Map<?, ?>) item).get("name")))
            .map(DeploymentFixture::compact)
            .findFirst()
            .orElseThrow();
    for (int i = 0; i < replaced.length; i += 2) {
      Assertions.assertThat(json).contains(replaced[i]);
      json = json.replace(replaced[i], replaced[i + 1]);
    }
    return json;
  }

  /** A command as the API shows it. */
  static String command(String id, String state, String reason) {
    return """
        {"id": "%s", "cluster": "c-01", "kind": "diff", "state": "%s", "attempts": 1, "cancelRequested": false, "reason": %s,
         "result": null, "lateResult": null, "createdBy": "anna@example.com", "createdAt": "2026-11-23T12:00:00Z",
         "deadlineAt": "2026-11-23T13:00:00Z", "finishedAt": "2026-11-23T12:00:01Z", "idempotencyKey": null, "orderKey": null}"""
        .formatted(id, state, reason == null ? "null" : "\"" + reason + "\"");
  }

  private static String history(String part) {
    return compact(parsed("deployment-history.json").get(part));
  }

  private static Map<?, ?> parsed(String file) {
    return (Map<?, ?>) Json.parse(Fixtures.text(file));
  }

  /** As lists have it. */
  private static String brief(Object item) {
    Map<String, Object> brief = new LinkedHashMap<>();
    ((Map<?, ?>) item)
        .forEach((name, value) -> brief.put((String) name, LONG.contains(name) ? null : value));
    if (brief.get("drift") instanceof Map<?, ?> drift) {
      Map<String, Object> state = new LinkedHashMap<>();
      drift.forEach((name, value) -> state.put((String) name, value));
      Arrays.asList("objects", "ceded").forEach(name -> state.put(name, null));
      brief.put("drift", state);
    }
    return compact(brief);
  }

  private static String compact(Object json) {
    return Printed.compact(json);
  }
}
