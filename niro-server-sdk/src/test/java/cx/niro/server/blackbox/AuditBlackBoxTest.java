package cx.niro.server.blackbox;

import static cx.niro.server.blackbox.Booted.OWNER;
import static cx.niro.server.blackbox.Booted.STRANGER;
import static cx.niro.server.blackbox.Booted.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who did what, over HTTP. */
class AuditBlackBoxTest extends Scene {
  private static final String AUDIT = "/api/v1/audit";

  private List<String> told(String query) {
    List<String> told = new ArrayList<>();
    for (JsonNode item : wire.get(AUDIT + query, OWNER).json().get("items")) {
      told.add(
          String.join(
              " ",
              item.get("actor").asText(),
              item.get("action").asText(),
              item.get("object").asText(),
              item.get("outcome").asText(),
              item.get("code").asText("")));
    }
    return told;
  }

  @Test
  void what_is_done_and_what_is_refused_is_told_newest_first_and_what_is_read_is_not() {
    Cluster cluster = newCluster("berlin");
    wire.patch(cluster.path(""), OWNER, "{\"labels\":{\"site\":\"b1\"}}");
    wire.patch(cluster.path(""), VIEWER, "{\"labels\":{}}");
    wire.get(cluster.path(""), OWNER);
    String path = cluster.path("").replace("/api/v1", "");

    assertThat(told(""))
        .containsExactly(
            "vera PATCH /clusters/{cluster} " + path + " refused forbidden",
            "olga PATCH /clusters/{cluster} " + path + " done ",
            "olga POST /clusters " + path + " done ");
    assertThat(told("?actor=vera")).hasSize(1);
    assertThat(told("?object=" + path)).hasSize(3);
    JsonNode newest = wire.get(AUDIT, OWNER).json().at("/items/0");
    assertThat(newest.get("address").asText()).isEqualTo("127.0.0.1");
    assertThat(newest.get("organization").asText()).isEqualTo("acme");
  }

  @Test
  void what_is_asked_of_a_cluster_of_others_is_not_there_and_leaves_no_entry() {
    Cluster cluster = newCluster("berlin");
    assertThat(wire.patch(cluster.path(""), STRANGER, "{}").status()).isEqualTo(404);
    assertThat(told("")).hasSize(1);
    assertThat(wire.get(AUDIT, STRANGER).json().get("items")).isEmpty();
  }

  @Test
  void only_those_who_administer_read_it() {
    assertThat(wire.get(AUDIT, VIEWER).problem()).isEqualTo("403 forbidden");
  }

  @Test
  void a_deleted_cluster_stays_in_it() {
    Cluster cluster = newCluster("berlin");
    wire.delete(cluster.path("?confirm=berlin"), OWNER);
    assertThat(told("").get(0)).startsWith("olga DELETE /clusters/{cluster} ").endsWith(" done ");
  }

  @Test
  void pages_follow_one_another() {
    for (int i = 0; i < 5; i++) {
      newCluster("c" + i);
    }
    JsonNode first = wire.get(AUDIT + "?limit=3", OWNER).json();
    assertThat(first.get("items")).hasSize(3);
    String rest = AUDIT + "?limit=3&cursor=" + first.get("nextCursor").asText();
    assertThat(wire.get(rest, OWNER).json().get("items")).hasSize(2);
  }
}
