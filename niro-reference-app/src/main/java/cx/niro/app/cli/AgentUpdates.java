package cx.niro.app.cli;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.SystemTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Updates of agents as rows: {@code cluster}, {@code state}, {@code reason} and the {@code update}
 * as the server tells it, null where there is none.
 */
record AgentUpdates(RestClient client) {
  private static final Set<String> OPEN = Set.of("offered", "rolling");
  private static final int WAIT_STEP = 20;

  /** The state of a cluster that was offered nothing yet. */
  static final String NEVER = "never";

  private static final String REFUSED = "refused";

  static boolean isOpen(Document row) {
    return OPEN.contains(row.cell("state"));
  }

  /** The newest update of one cluster, or of all that the query selects. */
  List<Document> newest(@Nullable String cluster, String query) {
    FleetLists lists = new FleetLists(client);
    List<Document> clusters =
        cluster == null
            ? lists.all("/api/v1/clusters", query, Integer.MAX_VALUE)
            : List.of(lists.cluster(cluster));
    return clusters.stream().map(this::newest).toList();
  }

  private Document newest(Document cluster) {
    try {
      return row(cluster, client.get(path(cluster.cell("id"))));
    } catch (CommandException e) {
      if (e.exitCode() != ExitCode.NOT_FOUND) {
        throw e;
      }
      return row(cluster, null, NEVER, null);
    }
  }

  Document offer(String cluster, String digest) {
    Document found = new FleetLists(client).cluster(cluster);
    return row(found, client.put(path(found.cell("id")), Map.of("digest", digest)));
  }

  List<Document> offerMany(Map<String, Object> selector, String digest) {
    Document made =
        client.post("/api/v1/agent-updates", Map.of("digest", digest, "selector", selector));
    List<Document> rows = new ArrayList<>();
    for (Document offer : made.documents("items")) {
      Document cluster = Document.of(offer.value("cluster"));
      boolean sent = offer.value("update") != null;
      rows.add(
          sent
              ? row(cluster, Document.of(offer.value("update")))
              : row(cluster, null, REFUSED, offer.cell("detail")));
    }
    return rows;
  }

  /** The rows when all are over, or as they are after so many seconds. */
  List<Document> finished(List<Document> rows, int seconds) {
    long end = SystemTime.NANOS.getAsLong() + TimeUnit.SECONDS.toNanos(seconds);
    List<Document> done = new ArrayList<>();
    for (Document row : rows) {
      Document now = row;
      long left = TimeUnit.NANOSECONDS.toSeconds(end - SystemTime.NANOS.getAsLong());
      while (isOpen(now) && left > 0) {
        now = looked(now, (int) Math.min(WAIT_STEP, left));
        left = TimeUnit.NANOSECONDS.toSeconds(end - SystemTime.NANOS.getAsLong());
      }
      done.add(now);
    }
    return done;
  }

  /** The server answers when the command changes. */
  private Document looked(Document row, int seconds) {
    String id = row.cell("cluster.id");
    String command = row.cell("update.command");
    client.get(
        "/api/v1/clusters/%s/commands/%s?waitSeconds=%d"
            .formatted(RestClient.encode(id), RestClient.encode(command), seconds),
        Duration.ofSeconds(seconds));
    Document newest = client.get(path(id));
    Document cluster = Document.of(row.value("cluster"));
    return newest.cell("command").equals(command)
        ? row(cluster, newest)
        : row(cluster, newest, "replaced", "another update was offered after this one");
  }

  private static String path(String cluster) {
    return "/api/v1/clusters/" + RestClient.encode(cluster) + "/agent-update";
  }

  private static Document row(Document cluster, Document update) {
    return row(cluster, update, update.cell("state"), update.text("reason").orElse(null));
  }

  private static Document row(
      Document cluster, @Nullable Document update, String state, @Nullable String reason) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("cluster", Map.of("id", cluster.cell("id"), "name", cluster.cell("name")));
    row.put("state", state);
    row.put("reason", reason);
    row.put("update", update == null ? null : update.members());
    return new Document(row);
  }
}
