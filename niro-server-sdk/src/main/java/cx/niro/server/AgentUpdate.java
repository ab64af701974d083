package cx.niro.server;

import cx.niro.core.CommandId;
import cx.niro.core.managed.ImageDigest;
import cx.niro.core.managed.SelfUpdateReport;
import cx.niro.core.managed.SelfUpdateRequest;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.DecodingException;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.protocol.RawJson;
import cx.niro.server.spi.CommandRow;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How far the replacement of an agent's image is: a reading of its {@code self_update} command.
 * Sent with {@link Commands#send} and {@link #request}, found with {@link Commands#list} by {@link
 * #KIND}.
 *
 * @param command that carries it
 * @param state how far
 * @param image what the agent's Deployment named when the agent reported; null before
 * @param before what it named at first; null before the report
 * @param reason why it ended so, for people; null while it goes on and when it is done
 * @param requestedBy who wanted it
 */
public record AgentUpdate(
    CommandId command,
    State state,
    @Nullable String image,
    @Nullable String before,
    @Nullable String reason,
    String requestedBy,
    Instant requestedAt,
    @Nullable Instant finishedAt) {
  /** The command's kind. */
  public static final String KIND = "self_update";

  /** How long a cluster may stay away and still begin. */
  public static final Duration DEADLINE = Duration.ofHours(24);

  private static final NiroCodec CODEC = NiroCodec.create();

  /** How far an update is. */
  public enum State {
    /** On its way to the agent. */
    OFFERED,
    /** The agent has changed its Deployment, or is about to. */
    ROLLING,
    /** The new pod has sent a heartbeat that was accepted. */
    DONE,
    /** The new pod did not get ready and the image from before is back. */
    ROLLED_BACK,
    /** It ended otherwise; the reason says how. */
    FAILED,
    /** Somebody stopped it. */
    CANCELLED;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The command that makes an agent run the image with this digest. */
  public static Commands.CommandRequest request(ImageDigest digest) {
    byte[] payload = CODEC.encode(new SelfUpdateRequest(digest));
    return new Commands.CommandRequest(
        KIND, new RawJson(new String(payload, StandardCharsets.UTF_8)), DEADLINE, null, KIND);
  }

  /** What a command of this kind tells. */
  public static AgentUpdate of(CommandRow row) {
    SelfUpdateReport report = report(row.output());
    String image = report == null ? null : report.image();
    String before = report == null ? null : report.before();
    boolean back = image != null && image.equals(before);
    State state = state(row.state(), back);
    return new AgentUpdate(
        row.id(),
        state,
        image,
        before,
        state == State.DONE ? null : row.reason(),
        row.request().createdBy(),
        row.request().createdAt(),
        row.finishedAt());
  }

  private static State state(CommandState state, boolean back) {
    return switch (state) {
      case PENDING, OFFERED, DELIVERED -> State.OFFERED;
      case RUNNING -> State.ROLLING;
      case SUCCEEDED -> State.DONE;
      case CANCELLED -> State.CANCELLED;
      case FAILED -> back ? State.ROLLED_BACK : State.FAILED;
      case REJECTED, EXPIRED -> State.FAILED;
    };
  }

  private static @Nullable SelfUpdateReport report(@Nullable RawJson output) {
    if (output == null) {
      return null;
    }
    try {
      return CODEC.decode(SelfUpdateReport.class, output.text().getBytes(StandardCharsets.UTF_8));
    } catch (DecodingException e) {
      return null;
    }
  }
}
