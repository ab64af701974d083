package cx.niro.app.cli;

import cx.niro.app.Terminal;
import java.util.ArrayList;
import java.util.List;

/** Columns of text, as kubectl prints them. */
public final class Table {
  private static final String GAP = "   ";

  /** A longer cell moves the rest of its own row and of no other. */
  private static final int WIDEST = 64;

  private Table() {}

  /** The rows as lines, all cells cleaned; the first row is the head. */
  public static List<String> lines(List<List<String>> rows) {
    List<Integer> widths = widths(rows);
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        String cell = Terminal.clean(row.get(i));
        boolean last = i == row.size() - 1;
        int padding = last ? 0 : Math.max(0, widths.get(i) - length(cell));
        line.append(cell).append(" ".repeat(padding)).append(last ? "" : GAP);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private static List<Integer> widths(List<List<String>> rows) {
    List<Integer> widths = new ArrayList<>();
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        int length = Math.min(WIDEST, length(Terminal.clean(row.get(i))));
        if (i == widths.size()) {
          widths.add(length);
        } else {
          widths.set(i, Math.max(widths.get(i), length));
        }
      }
    }
    return widths;
  }

  private static int length(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
