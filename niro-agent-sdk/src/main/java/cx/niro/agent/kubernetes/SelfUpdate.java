package cx.niro.agent.kubernetes;

import cx.niro.agent.kubernetes.AgentDeployment.Note;
import cx.niro.agent.spi.CommandContext;
import cx.niro.agent.spi.CommandHandler;
import cx.niro.agent.spi.CommandOutcome;
import cx.niro.core.managed.SelfUpdateReport;
import cx.niro.core.managed.SelfUpdateRequest;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.DecodingException;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.protocol.RawJson;
import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out {@code self_update}: changes the image of the agent's own Deployment to another
 * digest of the same repository, follows the rollout, and restores the image from before when the
 * new pod does not get ready. What it did is noted on the Deployment, so that the command may go on
 * in the pod that comes next.
 */
final class SelfUpdate implements CommandHandler {
  private static final Logger log = LoggerFactory.getLogger(SelfUpdate.class);
  private static final NiroCodec CODEC = NiroCodec.create();
  private static final Duration LOOK = Duration.ofSeconds(2);

  /** How much longer than the controller's own deadline its word is waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int TRIES = 5;
  private static final int REASON_CHARS = 900;

  private final ApiServer server;
  private final String namespace;
  private final Duration look;
  private final boolean pods;

  /**
   * @param pods whether the agent's own pods may be looked at for why they do not start
   */
  SelfUpdate(ApiClient client, String namespace, boolean pods) {
    this(client, namespace, pods, LOOK);
  }

  /** With another time between two looks at the Deployment. */
  SelfUpdate(ApiClient client, String namespace, boolean pods, Duration look) {
    this.server = new ApiServer(client);
    this.namespace = namespace;
    this.pods = pods;
    this.look = look;
  }

  @Override
  public String kind() {
    return "self_update";
  }

  @Override
  public boolean idempotent() {
    return true;
  }

  /** One command, from the image that it found to the one that it wants. */
  private record Change(CommandContext context, String wanted, @Nullable String before) {}

  @Override
  public CommandOutcome handle(CommandContext context) throws IOException {
    SelfUpdateRequest request;
    try {
      byte[] payload = context.payload().text().getBytes(StandardCharsets.UTF_8);
      request = CODEC.decode(SelfUpdateRequest.class, payload);
    } catch (DecodingException e) {
      return CommandOutcome.rejected("the payload is not understood: " + e.getMessage());
    }
    AgentDeployment found = read();
    String wanted = repository(found.image()) + "@" + request.digest();
    Optional<Note> begun = found.note().filter(note -> note.command().equals(context.id()));
    if (begun.isPresent()) {
      Note note = begun.get();
      String failed = note.failed();
      Change change = new Change(context, wanted, note.before());
      return failed == null ? follow(change, found) : failed(change, found.image(), failed);
    }
    if (found.image().equals(wanted)) {
      return follow(new Change(context, wanted, null), found);
    }
    if (context.isCancelled()) {
      return CommandOutcome.cancelled("cancelled before the image was changed");
    }
    Note note = new Note(context.id(), found.lastGood(), null);
    log.info("updating the agent from {} to {}", found.image(), wanted);
    AgentDeployment changed = write(found, wanted, note);
    return follow(new Change(context, wanted, note.before()), changed);
  }

  private CommandOutcome follow(Change change, AgentDeployment first) throws IOException {
    AgentDeployment seen = first;
    long most =
        Duration.ofSeconds(Rollout.deadlineSeconds(first.tree())).plus(PATIENCE).toMillis()
            / Math.max(1, look.toMillis());
    for (long looks = 0; looks < most; looks++) {
      if (!seen.image().equals(change.wanted())) {
        return failed(change, seen.image(), "somebody else changed the image to " + seen.image());
      }
      Rollout rollout = Rollout.of(seen.tree());
      if (rollout.step() == Rollout.Step.DONE) {
        return succeeded(change);
      }
      if (rollout.step() == Rollout.Step.FAILED) {
        return restore(change, seen, String.valueOf(rollout.message()));
      }
      boolean stopped = pause();
      seen = readAgain(seen);
      if (stopped) {
        return stopped(change, seen);
      }
    }
    return restore(change, seen, "the new pod is not ready and the controller does not say why");
  }

  /** An API server that is away for a while is not the update's fault. */
  private AgentDeployment readAgain(AgentDeployment otherwise) throws IOException {
    try {
      return read();
    } catch (ApiFailure e) {
      if (e.isPassing()) {
        return otherwise;
      }
      throw e;
    } catch (IOException e) {
      log.debug("the API server does not answer: {}", e.getMessage());
      return otherwise;
    }
  }

  private CommandOutcome restore(Change change, AgentDeployment seen, String why)
      throws IOException {
    String trouble = pods ? new PodTrouble(server, namespace).of(change.wanted()) : "";
    String reason = Json.clip(why + trouble, 600);
    if (change.before() == null) {
      return failed(change, seen.image(), reason + "; no earlier image is known");
    }
    String told = "rolled back to " + change.before() + ": " + reason;
    log.warn("the update is {}", told);
    Note note = new Note(change.context().id(), change.before(), told);
    AgentDeployment restored = write(seen, change.before(), note);
    return failed(change, restored.image(), told);
  }

  private AgentDeployment read() throws IOException {
    return new AgentDeployment(
        Json.of(server.send(ApiRequest.get(AgentDeployment.path(namespace)))));
  }

  /** Changes the image unless somebody else has changed it meanwhile. */
  private AgentDeployment write(AgentDeployment seen, String image, Note note) throws IOException {
    AgentDeployment newest = seen;
    for (int attempt = 1; ; attempt++) {
      try {
        return new AgentDeployment(Json.of(server.send(newest.to(namespace, image, note))));
      } catch (ApiFailure e) {
        if (!e.isConflict() || attempt == TRIES) {
          throw e;
        }
        newest = read();
        if (!newest.image().equals(seen.image())) {
          throw new IOException("somebody else changed the image to " + newest.image(), e);
        }
      }
    }
  }

  /** Whether somebody wants it to end. */
  private boolean pause() {
    try {
      return new CountDownLatch(1).await(look.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }

  /** A rollout is not undone by whoever stops: the agent may be closed because it succeeded. */
  private static CommandOutcome stopped(Change change, AgentDeployment seen) {
    if (Rollout.of(seen.tree()).step() == Rollout.Step.DONE) {
      return succeeded(change);
    }
    return CommandOutcome.cancelled(
        "no longer followed: the Deployment goes on to "
            + change.wanted()
            + ", and the pod from before stays until the new one is ready");
  }

  private static String repository(String image) {
    int at = image.indexOf('@');
    String name = at < 0 ? image : image.substring(0, at);
    int colon = name.lastIndexOf(':');
    return colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
  }

  private static CommandOutcome succeeded(Change change) {
    String before = change.before() == null ? change.wanted() : change.before();
    return CommandOutcome.succeeded(report(change.wanted(), before));
  }

  private static CommandOutcome failed(Change change, String image, String reason) {
    String before = change.before() == null ? change.wanted() : change.before();
    return new CommandOutcome(
        CommandState.FAILED, Json.clip(reason, REASON_CHARS), report(image, before));
  }

  private static RawJson report(String image, String before) {
    byte[] report = CODEC.encode(new SelfUpdateReport(image, before));
    return new RawJson(new String(report, StandardCharsets.UTF_8));
  }
}
