package cx.niro.core.protocol;

import cx.niro.core.CommandId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is due.
 *
 * @param cancel commands that the agent holds and should stop
 * @param confirmed commands whose result is stored: the agent forgets them
 * @param notBeforeMillis the earliest next poll; null for at once
 */
public record PollReply(
    List<CommandOffer> commands,
    List<CommandId> cancel,
    List<CommandId> confirmed,
    @Nullable @Range Long notBeforeMillis) {
  public PollReply {
    commands = Absent.list(commands);
    cancel = Absent.list(cancel);
    confirmed = Absent.list(confirmed);
  }
}
