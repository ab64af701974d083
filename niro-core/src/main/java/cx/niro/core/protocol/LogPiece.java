package cx.niro.core.protocol;

import cx.niro.core.snapshot.Text;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a stream of log lines.
 *
 * @param sequence 1, 2, 3 …; a piece that is sent again repeats its number
 * @param lines without their line feeds
 * @param dropped how many lines were lost right before these
 * @param end given with the last piece
 */
public record LogPiece(
    @Range(min = 1) long sequence,
    @Range(max = Limits.LOG_LINES) @Text(max = Limits.LOG_LINE_CHARS) List<String> lines,
    @Range long dropped,
    @Nullable LogEnd end) {
  public LogPiece {
    lines = Absent.list(lines);
  }
}
