package cx.niro.agent.internal;

import cx.niro.core.CommandId;
import cx.niro.core.protocol.CommandResult;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of the newest finished commands, so that a repeated offer is answered and not
 * carried out again. Bounded in number and in size. Confined to the command lane.
 */
final class FinishedCommands {
  static final int MOST = 1_000;
  static final long MOST_CHARS = 4_000_000;

  private final Map<CommandId, CommandResult> results = new LinkedHashMap<>();
  private long chars;

  void remember(CommandId id, CommandResult result) {
    CommandResult before = results.remove(id);
    chars += size(result) - (before == null ? 0 : size(before));
    results.put(id, result);
    Iterator<CommandResult> oldest = results.values().iterator();
    while (results.size() > MOST || (chars > MOST_CHARS && results.size() > 1)) {
      chars -= size(oldest.next());
      oldest.remove();
    }
  }

  @Nullable CommandResult of(CommandId id) {
    return results.get(id);
  }

  private static long size(CommandResult result) {
    return 200L
        + (result.output() == null ? 0 : result.output().text().length())
        + (result.reason() == null ? 0 : result.reason().length());
  }
}
