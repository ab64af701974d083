package cx.niro.app.cli;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.Terminal;
import cx.niro.core.VisibleText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads whole lists of the REST API, page after page, and finds clusters by name. */
public final class FleetLists {
  private static final int PAGE = 500;

  private final RestClient client;

  /** Lists of that server. */
  public FleetLists(RestClient client) {
    this.client = client;
  }

  /**
   * All items of a list.
   *
   * @param query encoded, without {@code ?}; may be empty
   * @param limit where to stop
   */
  public List<Document> all(String path, String query, int limit) {
    List<Document> items = new ArrayList<>();
    Optional<String> cursor = Optional.of("");
    while (cursor.isPresent() && items.size() < limit) {
      Document page = client.get(path + "?" + pageQuery(query, cursor.get(), limit));
      items.addAll(page.documents("items"));
      cursor = page.text("nextCursor");
    }
    return items.size() > limit ? items.subList(0, limit) : items;
  }

  private static String pageQuery(String query, String cursor, int limit) {
    String start = "limit=" + Math.min(PAGE, limit) + (query.isEmpty() ? "" : "&" + query);
    return cursor.isEmpty() ? start : start + "&cursor=" + RestClient.encode(cursor);
  }

  /** The cluster of that name or id. */
  public Document cluster(String given) {
    String nameOrId = VisibleText.composed(given);
    List<Document> found =
        all("/api/v1/clusters", "q=" + RestClient.encode(nameOrId), Integer.MAX_VALUE).stream()
            .filter(row -> row.cell("name").equals(nameOrId) || row.cell("id").equals(nameOrId))
            .toList();
    return only(found, "cluster", nameOrId);
  }

  /** What was found, when it is just one. */
  static Document only(List<Document> found, String what, String nameOrId) {
    if (found.size() == 1) {
      return found.get(0);
    }
    String list = what.equals("cluster") ? "get clusters -o wide" : what + " list";
    throw new CommandException(
        found.isEmpty() ? ExitCode.NOT_FOUND : ExitCode.CONFLICT,
        (found.isEmpty() ? "no " + what : "more than one " + what)
            + " is called '"
            + Terminal.clean(nameOrId)
            + "'; see niro "
            + list);
  }

  /** What these clusters have, each with its cluster, as the lists of pods have it. */
  List<Document> ofEach(Resource resource, List<Document> clusters, int limit) {
    List<Document> rows = new ArrayList<>();
    for (Document cluster : clusters) {
      String path = resource.path(cluster.cell("id"));
      for (Document row : all(path, "", Math.max(1, limit - rows.size()))) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>(row.members());
        members.put("cluster", Map.of("id", cluster.cell("id"), "name", cluster.cell("name")));
        rows.add(new Document(members));
      }
    }
    return rows;
  }
}
