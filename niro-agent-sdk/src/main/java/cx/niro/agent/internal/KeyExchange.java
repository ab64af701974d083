package cx.niro.agent.internal;

import cx.niro.agent.CallFailure;
import cx.niro.agent.internal.Transport.Call;
import cx.niro.agent.spi.StoredKeys;
import cx.niro.core.ClusterId;
import cx.niro.core.Credential;
import cx.niro.core.ErrorCode;
import cx.niro.core.protocol.EnrollReply;
import cx.niro.core.protocol.EnrollRequest;
import cx.niro.core.protocol.KeyReply;
import cx.niro.core.protocol.KeyRequest;
import cx.niro.core.protocol.Limits;
import cx.niro.core.protocol.Protocol;
import cx.niro.core.snapshot.ClusterInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where keys come from: a token is exchanged for one, and a present key for the next. Every step is
 * stored before the one after it, so that it can be repeated. Confined to the heartbeat lane.
 */
final class KeyExchange {
  private static final Logger log = LoggerFactory.getLogger(KeyExchange.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Refusals that another try with the same token will not mend by itself. */
  private static final Set<String> FINAL =
      Set.of(
          ErrorCode.TOKEN_MALFORMED.wireName(),
          ErrorCode.TOKEN_UNKNOWN.wireName(),
          ErrorCode.TOKEN_EXPIRED.wireName(),
          ErrorCode.TOKEN_USED.wireName(),
          ErrorCode.CLUSTER_ALREADY_ENROLLED.wireName(),
          ErrorCode.PROTOCOL_UNSUPPORTED.wireName());

  /** What the heartbeat loop does next. */
  interface Next {
    /** There is a key to use. */
    void report();

    /** What to say about the cluster while enrolling. */
    ClusterInfo info();
  }

  private final Parts parts;
  private final Lane lane;
  private final Next next;
  private int failures;
  private @Nullable String toldCode;
  private boolean rotating;

  KeyExchange(Parts parts, Lane lane, Next next) {
    this.parts = parts;
    this.lane = lane;
    this.next = next;
  }

  /** Exchanges the token of the options; a repeat of an exchange that was begun keeps its id. */
  void enroll() {
    Credential token = parts.options().token().orElseThrow();
    StoredKeys stored = parts.keys().stored();
    String requestId =
        KeySteps.canRepeatEnrollment(stored, token.keyId())
            ? String.valueOf(stored.requestId())
            : RandomIds.next(parts.resources().random());
    try {
      parts.keys().save(KeySteps.enrolling(stored, token.keyId(), requestId));
    } catch (IOException | RuntimeException e) {
      again("The enrollment could not be noted and was not begun", e);
      return;
    }
    ClusterInfo info = next.info();
    EnrollRequest request =
        new EnrollRequest(
            token.secretText(),
            requestId,
            info.kubeSystemUid(),
            info.kubernetesVersion(),
            info.distribution(),
            info.agentVersion(),
            List.of(Protocol.VERSION),
            List.of());
    Call call = call(Protocol.ENROLL, request, null);
    parts.exchanges().send(lane, call, EnrollReply.class, this::enrolled, this::enrollFailed);
  }

  private void enrolled(EnrollReply reply) {
    try {
      accept(reply.agentKey(), reply.clusterId());
    } catch (IOException | RuntimeException e) {
      // Not used before it is stored: else a crash now would lose the only key there is.
      again("The key from the enrollment could not be stored", e);
      return;
    }
    failures = 0;
    toldCode = null;
    log.info("Enrolled as cluster {}", reply.clusterId());
    next.report();
  }

  private void accept(String key, @Nullable ClusterId cluster) throws IOException {
    Credential parsed = Credential.parse(Credential.Kind.AGENT_KEY, key);
    parts.keys().received(parsed.secretText(), cluster);
  }

  private void enrollFailed(CallFailure failure) {
    parts.listener().tell(listener -> listener.callFailed(failure));
    if (!FINAL.contains(failure.code())) {
      failures++;
      if (failures == 1) {
        log.warn("Enrollment failed and is tried again: {}", failure);
      }
      double drawn = parts.drawn();
      lane.schedule(BackOff.wait(failures, failure.retryAfter(), drawn), this::enroll);
      return;
    }
    if (!failure.code().equals(toldCode)) {
      toldCode = failure.code();
      parts.listener().tell(listener -> listener.enrollmentRefused(failure));
      log.error("{}", refusal(failure));
    }
    if (!backToOlderKey()) {
      lane.schedule(pause(failure), this::enroll);
    }
  }

  private Duration pause(CallFailure failure) {
    // Ends when somebody deletes the other cluster, and the token is not spent by it.
    return failure.is(ErrorCode.CLUSTER_ALREADY_ENROLLED)
        ? BackOff.around(BackOff.LONGEST, parts.drawn())
        : BackOff.refused(parts.drawn());
  }

  private boolean backToOlderKey() {
    StoredKeys before = KeySteps.enrollmentRefused(parts.keys().stored());
    if (before.current() == null) {
      return false;
    }
    try {
      parts.keys().save(before);
      parts.keys().startOver();
    } catch (IOException | RuntimeException e) {
      log.warn("The refused enrollment could not be noted", e);
      return false;
    }
    log.info("Going on with the key from before");
    next.report();
    return true;
  }

  private static String refusal(CallFailure failure) {
    return failure.is(ErrorCode.TOKEN_USED)
        ? "The enrollment token was used by somebody else: " + failure + ". Make a new one."
        : "The enrollment was refused: " + failure;
  }

  private void again(String what, Exception e) {
    failures++;
    log.warn("{}; trying again", what, e);
    lane.schedule(BackOff.wait(failures, null, parts.drawn()), this::resume);
  }

  /** Another agent of this cluster may have done it meanwhile. */
  private void resume() {
    String tokenId = parts.options().token().map(Credential::keyId).orElse(null);
    try {
      parts.keys().startOver();
    } catch (IOException | RuntimeException e) {
      again("The key store could not be read", e);
      return;
    }
    if (KeySteps.start(parts.keys().stored(), tokenId) == KeySteps.Start.REPORT) {
      failures = 0;
      next.report();
    } else {
      enroll();
    }
  }

  /** Asks for the next key; does nothing while that is under way, or when it has come already. */
  void rotate(String presentKey) {
    if (rotating || !presentKey.equals(parts.keys().active())) {
      return;
    }
    String id = RandomIds.next(parts.resources().random());
    try {
      parts.keys().save(KeySteps.rotating(parts.keys().stored(), id));
    } catch (IOException | RuntimeException e) {
      log.warn("The key rotation could not be noted; it waits for the next offer", e);
      return;
    }
    rotating = true;
    String noted = String.valueOf(parts.keys().stored().requestId());
    Call call = call(Protocol.KEYS, new KeyRequest(parts.bootId(), noted), presentKey);
    parts.exchanges().send(lane, call, KeyReply.class, this::rotated, this::rotationFailed);
  }

  private void rotated(KeyReply reply) {
    rotating = false;
    toldCode = null;
    try {
      accept(reply.agentKey(), null);
      log.info("Changing over to a new key");
    } catch (IOException | RuntimeException e) {
      log.warn("The new key could not be stored; the present one stays", e);
    }
  }

  private void rotationFailed(CallFailure failure) {
    rotating = false;
    parts.listener().tell(listener -> listener.callFailed(failure));
    if (!String.valueOf(failure.code()).equals(toldCode)) {
      toldCode = String.valueOf(failure.code());
      log.info("No new key: {}; the present one stays", failure);
    }
  }

  private Call call(String path, Object body, @Nullable String key) {
    byte[] bytes = parts.codec().encode(body);
    return new Call(path, bytes, key, PATIENCE, false, Limits.SMALL_BYTES);
  }
}
