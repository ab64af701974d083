package cx.niro.server.internal;

import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.RetryLaterException;
import cx.niro.core.incident.DetectionInput;
import cx.niro.core.incident.DetectionResult;
import cx.niro.core.incident.IncidentTransition;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.NodeLoads;
import cx.niro.core.protocol.Goodbye;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.protocol.HeartbeatReply;
import cx.niro.core.protocol.HeldContent;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Usage;
import cx.niro.server.AgentCaller;
import cx.niro.server.ServerOptions;
import cx.niro.server.spi.KeyRow;
import cx.niro.server.spi.SessionRow;
import cx.niro.server.spi.TimelineEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes heartbeats in: order first, then content, then detection, then one transaction for what
 * must not be lost, and only then memory.
 */
final class Ingest {
  private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);

  private static final int SETTINGS_EACH = 20;

  private final ServerOptions options;
  private final Platform platform;
  private final Sessions sessions;
  private final Detection detection;
  private final PolicyWatch policies;
  private final WriteBehind writeBehind;
  private final Announcer announcer;
  private final AgentKeys keys;
  private final OpenContents contents;
  private final Slots slots;

  Ingest(
      ServerOptions options,
      Platform platform,
      Sessions sessions,
      Detection detection,
      PolicyWatch policies,
      WriteBehind writeBehind,
      Announcer announcer,
      AgentKeys keys,
      OpenContents contents) {
    this.options = options;
    this.platform = platform;
    this.sessions = sessions;
    this.detection = detection;
    this.policies = policies;
    this.writeBehind = writeBehind;
    this.announcer = announcer;
    this.keys = keys;
    this.contents = contents;
    this.slots = new Slots(options.heartbeatInterval());
  }

  /** In the lane. */
  HeartbeatReply take(LiveCluster live, AgentCaller caller, Message message) {
    return sessions.retrying(live, () -> takeOnce(live, caller, message));
  }

  /**
   * A beat and what it was read from.
   *
   * @param body empty when that is not known
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Message(Heartbeat beat, byte[] body) {}

  private HeartbeatReply takeOnce(LiveCluster live, AgentCaller caller, Message message) {
    Heartbeat beat = message.beat();
    Instant now = platform.now();
    SessionRow session = sessions.withBoot(live, beat.bootId(), beat.timing().sentAt(), now);
    boolean newBoot = !beat.bootId().equals(live.state().session().bootId());
    Hearing heard = live.state().hearing();
    long last = newBoot ? 0 : heard.sequence();
    if (beat.sequence() == last && heard.reply() != null) {
      alive(live, now);
      return heard.reply();
    }
    if (beat.sequence() < last || beat.sequence() < 1) {
      Rivals rivals = heard.rivals().wentBack(beat.timing().sentAt(), now);
      live.become(live.state().with(heard.with(rivals)));
      throw new InvalidRequestException(
          ErrorCode.SEQUENCE_STALE,
          "sequence " + beat.sequence() + " came after " + last + " of the same boot");
    }
    takeFromBudget(live, newBoot, now);
    boolean replayed = !newBoot && beat.sequence() == last;
    heard(live, now);
    return accept(
        live,
        caller,
        new Received(message, session.afterBeat(beat.sequence()), newBoot, replayed, now));
  }

  /**
   * A beat that is new to this process.
   *
   * @param replayed whether its detection is in the store already: it was answered by a process
   *     that is gone, or the answer was lost with it
   */
  private record Received(
      Message message, SessionRow session, boolean newBoot, boolean replayed, Instant now) {
    Heartbeat beat() {
      return message.beat();
    }
  }

  private void takeFromBudget(LiveCluster live, boolean newBoot, Instant now) {
    BeatBudget budget = newBoot ? live.boots : live.budget;
    if (!budget.take(platform.nanos().getAsLong())) {
      alive(live, now);
      throw new RetryLaterException(
          ErrorCode.TOO_MANY_REQUESTS,
          "heartbeats may come once in " + options.heartbeatInterval().dividedBy(2));
    }
  }

  /** The agent gave a sign of life that carried nothing; in the lane. */
  void alive(LiveCluster live, Instant now) {
    live.become(live.state().with(live.state().hearing().alive(now)));
    heard(live, now);
  }

  /** Before anything that may take long: other servers wait for it with their judgement. */
  private void heard(LiveCluster live, Instant now) {
    live.heard(now);
    writeBehind.seen(live.id, now);
  }

  private HeartbeatReply accept(LiveCluster live, AgentCaller caller, Received received) {
    Heartbeat beat = received.beat();
    ClusterState known = live.state();
    Taken applied = Taken.of(known.content(), received.message());
    Usage usage = UsageFigures.merge(known.usage(), beat.usage());
    NodeLoads loads =
        beat.usage() == null && !applied.changed()
            ? known.hearing().arrivals().loads()
            : loads(usage, applied.content());
    ClusterState before = detection.heard(known, beat, loads, received.now());
    if (applied.resync() != null) {
      LOG.debug("cluster {} is to send a full beat: {}", live.id, applied.resync());
    }
    boolean judged = save(live, before, received, applied);
    remember(live, received, applied, usage);
    HeartbeatReply reply = reply(live, caller, received, applied);
    Hearing.Arrivals arrivals = before.hearing().arrivals();
    Hearing heard = live.state().hearing().with(judged ? arrivals.judgedNow() : arrivals);
    Hearing own = received.newBoot() ? heard.with(heard.rivals().renewed()) : heard;
    live.become(live.state().with(own.accepted(received.now(), beat, reply)));
    return reply;
  }

  /** True when detection was asked. */
  private boolean save(LiveCluster live, ClusterState before, Received received, Taken applied) {
    boolean changed = applied.changed();
    SessionRow next = received.session();
    List<IncidentTransition> transitions = List.of();
    boolean due =
        !received.replayed()
            && (changed
                || received.newBoot()
                || before.hearing().reply() == null
                || isForeign(before, applied.content())
                || detection.isDue(before, received.now()));
    Taken read = due ? applied.opened() : applied;
    if (due) {
      DetectionResult result = evaluate(live, before, received, read.content());
      next = next.afterDetection(result.state().text(), result.recheckAt());
      transitions = result.transitions();
    }
    List<TimelineEntry> entries = new ArrayList<>();
    if (received.newBoot()) {
      entries.addAll(Sessions.restartEntry(live, next, received.now()));
    }
    entries.addAll(changeEntries(live, received, applied));
    PolicyWatch.Step judged =
        received.replayed() ? null : policies.look(live, before, read, clocks(received));
    boolean begins = received.newBoot() || before.session().goodbyeAt() != null;
    if (begins || judged != null || !transitions.isEmpty() || !entries.isEmpty()) {
      sessions.save(live, new Sessions.Step(next, transitions, entries, judged));
    } else if (!next.detectionState().equals(before.session().detectionState())) {
      live.become(before);
      sessions.saveSoon(live, next);
    } else {
      SessionRow same = before.session();
      live.become(before.with(same.afterDetection(same.detectionState(), next.recheckAt())));
    }
    return due;
  }

  private List<TimelineEntry> changeEntries(LiveCluster live, Received received, Taken applied) {
    HeldContent was = applied.before();
    ClusterContent content = applied.content();
    if (was == null || content == null || received.replayed()) {
      return List.of();
    }
    Instant now = received.now();
    return admitted(
        live, ContentChanges.between(live.id, was.snapshot(), content.snapshot(), now), now);
  }

  private List<TimelineEntry> admitted(LiveCluster live, List<TimelineEntry> lines, Instant now) {
    long nanos = platform.nanos().getAsLong();
    if (!lines.isEmpty() && live.lines.isNew()) {
      live.lines.begin(sessions.newestLines(live.id), now, nanos);
    }
    return live.lines.admit(live.id, lines, now, nanos);
  }

  private static PolicyWatch.Clocks clocks(Received received) {
    Instant sentAt = Instant.ofEpochMilli(received.beat().timing().sentAt());
    return new PolicyWatch.Clocks(received.now(), sentAt);
  }

  private static NodeLoads loads(Usage usage, @Nullable ClusterContent content) {
    return content == null ? NodeLoads.NONE : NodeLoads.of(usage, content.allocatable());
  }

  /** The key came to a Kubernetes cluster that is not the enrolled one. */
  private static boolean isForeign(ClusterState state, @Nullable ClusterContent content) {
    String enrolled = state.row().kubeSystemUid();
    String seen = content == null ? null : content.info().kubeSystemUid();
    return enrolled != null && seen != null && !enrolled.equals(seen);
  }

  private DetectionResult evaluate(
      LiveCluster live, ClusterState before, Received received, @Nullable ClusterContent content) {
    Heartbeat beat = received.beat();
    DetectionInput.Beat facts =
        new DetectionInput.Beat(
            Instant.ofEpochMilli(beat.timing().sentAt()),
            received.session().bootGeneration(),
            beat.sequence(),
            before.hearing().rivals().seenLately(received.now()) || isForeign(before, content));
    ClusterSnapshot snapshot = content == null ? ClusterSnapshot.EMPTY : content.snapshot();
    return detection.evaluate(
        live, before, new Detection.Occasion(received.session(), snapshot, facts, received.now()));
  }

  private void remember(LiveCluster live, Received received, Taken applied, Usage figures) {
    ClusterContent content = applied.content();
    ClusterState state = live.state();
    Usage usage = figures;
    if (content != null && applied.changed()) {
      usage = UsageFigures.prune(figures, content.snapshot());
      live.chain = writeBehind.changed(live.id, live.chain, change(received, content));
      contents.add(live, content);
      announcer.announce(live, listener -> listener.contentChanged(live.id));
    }
    live.become(state.with(content, usage));
  }

  private static WriteBehind.Change change(Received received, ClusterContent content) {
    return new WriteBehind.Change(
        content,
        received.session().bootGeneration(),
        received.beat(),
        received.message().body(),
        received.now());
  }

  private HeartbeatReply reply(
      LiveCluster live, AgentCaller caller, Received received, Taken applied) {
    HeldContent.Head held = applied.content() == null ? null : applied.content().head();
    boolean ours = held != null && received.beat().bootId().equals(held.bootId());
    return new HeartbeatReply(
        isTold(live, received) ? null : options.agentSettings(),
        ours && held != null ? held.revision() : 0,
        applied.resync() != null ? true : null,
        wantsRotation(live, caller, received.now()) ? true : null,
        null,
        pacing(live),
        received.now().toEpochMilli());
  }

  /** Settings are most of a short answer. An answer may be lost, so they are told again. */
  private static boolean isTold(LiveCluster live, Received received) {
    boolean first = received.newBoot() || live.state().hearing().reply() == null;
    return !first && received.beat().sequence() % SETTINGS_EACH != 0;
  }

  private boolean wantsRotation(LiveCluster live, AgentCaller caller, Instant now) {
    KeyRow key = keys.cached(caller.keyId());
    Instant asked = live.state().row().rotateKeysBefore();
    return key != null
        && (key.changedAt().plus(options.keyRotationAge()).isBefore(now)
            || (asked != null && key.changedAt().isBefore(asked)))
        && !live.state().isOpen(IncidentType.AGENT_DUPLICATE);
  }

  /** A slot, where too many would beat together; within half of what makes a cluster unknown. */
  private @Nullable Long pacing(LiveCluster live) {
    Duration most = live.state().unknownAfter(options).dividedBy(2);
    Duration slot =
        slots.next(platform.nanos().getAsLong(), most, () -> platform.random().nextDouble());
    return slot == null ? null : Long.valueOf(slot.toMillis());
  }

  /** In the lane. Only the current process can say goodbye. */
  void goodbye(LiveCluster live, Goodbye goodbye) {
    sessions.retrying(live, () -> goodbyeOnce(live, goodbye));
  }

  private boolean goodbyeOnce(LiveCluster live, Goodbye goodbye) {
    SessionRow session = live.state().session();
    if (!goodbye.bootId().equals(session.bootId()) || session.goodbyeAt() != null) {
      return false;
    }
    Instant now = platform.now();
    long sequence = Math.max(session.sequence(), live.state().hearing().sequence());
    SessionRow next = session.afterBeat(sequence).afterGoodbye(now, goodbye.reason());
    TimelineEntry entry = Entries.goodbye(live.id, now, goodbye.reason());
    sessions.save(live, new Sessions.Step(next, List.of(), List.of(entry)));
    return true;
  }

  /** Time alone: silence, and what detection wanted to look at again. In the lane. */
  void recheck(LiveCluster live) {
    sessions.retrying(live, () -> recheckOnce(live));
  }

  private boolean recheckOnce(LiveCluster live) {
    Instant now = platform.now();
    ClusterState state = live.state();
    Instant recheckAt = state.session().recheckAt();
    boolean first = recheckAt == null && state.row().enrolledAt() != null;
    if (!first && (recheckAt == null || recheckAt.isAfter(now))) {
      return false;
    }
    DetectionResult result =
        detection.evaluate(
            live, state, new Detection.Occasion(state.session(), state.snapshot(), null, now));
    Hearing hearing = state.hearing();
    state = state.with(hearing.with(hearing.arrivals().judgedNow()));
    live.become(state);
    SessionRow next = state.session().afterDetection(result.state().text(), result.recheckAt());
    if (result.transitions().isEmpty()
        && next.detectionState().equals(state.session().detectionState())) {
      live.become(state.with(next));
      return false;
    }
    sessions.save(live, Sessions.Step.byTime(next, result.transitions()));
    return true;
  }
}
