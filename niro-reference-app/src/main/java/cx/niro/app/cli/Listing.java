package cx.niro.app.cli;

import cx.niro.app.Printed;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Prints a list once, in the forms of {@code -o}. */
final class Listing {
  private Listing() {}

  static void print(
      GetCommand.Output output, List<Column> columns, List<Document> rows, PrintWriter out) {
    Map<String, Object> whole = Map.of("items", rows.stream().map(Document::members).toList());
    switch (output) {
      case JSON -> out.println(Printed.json(whole));
      case YAML -> out.print(Printed.yaml(whole));
      default -> table(columns, rows).forEach(out::println);
    }
    out.flush();
  }

  private static List<String> table(List<Column> columns, List<Document> rows) {
    List<List<String>> cells = new ArrayList<>();
    cells.add(columns.stream().map(Column::title).toList());
    for (Document row : rows) {
      cells.add(columns.stream().map(column -> column.cell().apply(row)).toList());
    }
    return Table.lines(cells);
  }

  /** The one of that id or name; the member that holds the name differs. */
  static Document one(List<Document> rows, String what, String nameMember, String wanted) {
    List<Document> found =
        rows.stream()
            .filter(row -> row.cell("id").equals(wanted) || row.cell(nameMember).equals(wanted))
            .toList();
    return FleetLists.only(found, what, wanted);
  }
}
