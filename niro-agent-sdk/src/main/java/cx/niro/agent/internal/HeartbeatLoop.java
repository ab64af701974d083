package cx.niro.agent.internal;

import cx.niro.agent.AgentListener.BeatForm;
import cx.niro.agent.AgentListener.BeatReport;
import cx.niro.agent.CallFailure;
import cx.niro.agent.internal.Transport.Call;
import cx.niro.agent.spi.Observation;
import cx.niro.core.ErrorCode;
import cx.niro.core.protocol.BeatContent;
import cx.niro.core.protocol.BeatTiming;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.protocol.HeartbeatReply;
import cx.niro.core.protocol.Limits;
import cx.niro.core.protocol.Protocol;
import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.core.snapshot.Usage;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports what the inventory source sees, for as long as the agent lives. Everything here is
 * confined to the heartbeat lane; other threads use {@link #start}, {@link #beatSoon} and {@link
 * #keyRefused}, which only queue.
 */
final class HeartbeatLoop implements KeyExchange.Next {
  private static final Logger log = LoggerFactory.getLogger(HeartbeatLoop.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration SUPERSEDED_PAUSE = Duration.ofSeconds(60);
  private static final int BEATS_BEFORE_WHOLE_AGAIN = 40;

  private enum Phase {
    STARTING,
    REPORTING,
    SUPERSEDED,
    REFUSED
  }

  /** One beat as it was made; resent unchanged. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Beat(
      long sequence, String key, Content.Version version, BeatForm form, byte[] body) {}

  private final Parts parts;
  private final Lane lane;
  private final CommandLoop commands;
  private final KeyExchange exchange;
  private final Collector collector;
  private final Content content;
  private final UsageFilter usage = new UsageFilter();
  private final long startedNanos;

  private Phase phase = Phase.STARTING;
  private Pacing pacing = Pacing.DEFAULT;
  private Reduction reduction = Reduction.NONE;
  private int beatsSinceReduction;
  private long sequence;
  private int failures;
  private int staleAnswers;
  private boolean inFlight;
  private boolean soonWanted;
  private long slotNanos;
  private long sentNanos;
  private long doubtedNanos;
  private @Nullable Long lastRoundTripMillis;
  private Lane.@Nullable Timer timer;

  HeartbeatLoop(Parts parts, Lane lane, CommandLoop commands) {
    this.parts = parts;
    this.lane = lane;
    this.commands = commands;
    exchange = new KeyExchange(parts, lane, this);
    collector = new Collector(parts.options(), parts.resources().instants().millis());
    content = new Content(parts.codec());
    startedNanos = parts.nanos();
    doubtedNanos = startedNanos - Pacing.LONGEST_INTERVAL.toNanos();
  }

  void start() {
    lane.execute(
        () -> {
          parts.options().inventory().onChange(this::beatSoon);
          begin();
        });
  }

  private void begin() {
    try {
      parts.keys().startOver();
    } catch (IOException | RuntimeException e) {
      failures++;
      log.warn("The key store could not be read; trying again", e);
      after(BackOff.wait(failures, null, parts.drawn()), this::begin);
      return;
    }
    failures = 0;
    String tokenId = parts.options().token().map(token -> token.keyId()).orElse(null);
    switch (KeySteps.start(parts.keys().stored(), tokenId)) {
      case NEW_ENROLLMENT, REPEAT_ENROLLMENT -> exchange.enroll();
      case REPORT -> beat();
      case NOTHING -> {
        log.error("There is neither an enrollment token nor a stored key: nothing can be reported");
        after(BackOff.refused(parts.drawn()), this::begin);
      }
    }
  }

  @Override
  public void report() {
    beat();
  }

  @Override
  public ClusterInfo info() {
    return collector.collect().snapshot().info();
  }

  /** Sends the next beat as soon as the protocol allows; from any thread. */
  void beatSoon() {
    lane.execute(
        () -> {
          if (inFlight) {
            soonWanted = true;
          } else if (phase == Phase.REPORTING && failures == 0) {
            after(pacing.soon(since(slotNanos)), this::beat);
          }
        });
  }

  private void beat() {
    String key = parts.keys().active();
    if (inFlight || key == null) {
      return;
    }
    slotNanos = parts.nanos();
    sequence++;
    send(compose(collector.collect(), key), false);
  }

  private Beat compose(Observation whole, String key) {
    Observation seen = reduction.apply(whole);
    Content.Version version = content.observe(seen.snapshot());
    BeatContent next = content.next();
    BeatForm form =
        next.fold(unchanged -> BeatForm.UNCHANGED, delta -> BeatForm.DELTA, full -> BeatForm.FULL);
    Usage moved = usage.moved(seen.usage(), form == BeatForm.FULL);
    boolean usual = pacing.interval().equals(Protocol.HEARTBEAT_INTERVAL);
    BeatTiming timing =
        new BeatTiming(
            parts.resources().instants().millis(),
            since(startedNanos).toMillis(),
            usual ? null : pacing.interval().toMillis(),
            null,
            lastRoundTripMillis);
    byte[] body =
        parts.codec().encode(new Heartbeat(parts.bootId(), sequence, timing, next, moved));
    if (body.length > Limits.HEARTBEAT_BYTES && reduction != Reduction.PODS) {
      reduce("it would have " + body.length + " bytes");
      return compose(whole, key);
    }
    return new Beat(sequence, key, version, form, body);
  }

  private void send(Beat beat, boolean again) {
    inFlight = true;
    sentNanos = parts.nanos();
    Call call =
        new Call(Protocol.HEARTBEAT, beat.body(), beat.key(), PATIENCE, false, Limits.SMALL_BYTES);
    parts
        .exchanges()
        .send(
            lane,
            call,
            HeartbeatReply.class,
            reply -> accepted(beat, reply),
            failure -> failed(beat, again, failure));
  }

  private void accepted(Beat beat, HeartbeatReply reply) {
    inFlight = false;
    Duration roundTrip = since(sentNanos);
    lastRoundTripMillis = roundTrip.toMillis();
    if (parts.keys().worked(beat.key())) {
      tellEnrolled();
    }
    if (phase == Phase.SUPERSEDED || phase == Phase.REFUSED || failures > 0) {
      log.info("Reporting again");
    }
    phase = Phase.REPORTING;
    failures = 0;
    staleAnswers = 0;
    content.answered(beat.version(), reply);
    usage.heard();
    relax();
    pacing = pacing.with(reply.settings());
    parts.exchanges().interval(pacing.interval());
    commands.resume(pacing);
    BeatReport report =
        new BeatReport(
            beat.form(), beat.sequence(), beat.body().length, roundTrip, reply.wantsResync());
    parts.listener().tell(listener -> listener.beatAccepted(report));
    if (Boolean.TRUE.equals(reply.rotateKey())) {
      exchange.rotate(beat.key());
    }
    Long notBefore = reply.notBeforeMillis();
    nextSlot(notBefore == null ? null : Duration.ofMillis(notBefore));
  }

  private void tellEnrolled() {
    Optional.ofNullable(parts.keys().stored().clusterId())
        .ifPresent(id -> parts.listener().tell(listener -> listener.enrolled(id)));
  }

  private void failed(Beat beat, boolean again, CallFailure failure) {
    inFlight = false;
    parts.listener().tell(listener -> listener.callFailed(failure));
    if (KeySteps.isRefusal(failure)) {
      refused(beat.key(), failure);
    } else if (failure.is(ErrorCode.BOOT_SUPERSEDED)) {
      superseded(failure);
    } else if (failure.is(ErrorCode.SEQUENCE_STALE)) {
      // A machine that was restored from a snapshot of its memory can be far behind.
      sequence += 8L << Math.min(staleAnswers++, 30);
      nextSlot(null);
    } else if (failure.status() == 400 || failure.status() == 413) {
      reduce("it was refused: " + failure);
      nextSlot(null);
    } else {
      unanswered(beat, again, failure);
    }
  }

  private void unanswered(Beat beat, boolean again, CallFailure failure) {
    failures++;
    if (failures == 1) {
      log.warn("A beat failed and is sent again: {}", failure);
    }
    boolean resend = !again && failures == 1 && failure.retryAfter() == null;
    if (resend) {
      after(BackOff.resend(parts.drawn()), () -> send(beat, true));
    } else {
      after(BackOff.wait(failures - 1, failure.retryAfter(), parts.drawn()), this::beat);
    }
  }

  private void superseded(CallFailure failure) {
    if (phase != Phase.SUPERSEDED) {
      phase = Phase.SUPERSEDED;
      log.warn("A newer agent of this cluster has taken over: {}", failure);
      parts.listener().tell(listener -> listener.superseded());
      commands.stopTaking();
    }
    Duration pause = failure.retryAfter() == null ? SUPERSEDED_PAUSE : failure.retryAfter();
    after(BackOff.wait(0, pause, parts.drawn()), this::beat);
  }

  /**
   * {@code key} was refused on another lane: a beat finds out whether it is dead, at once, but not
   * again and again within one interval; from any thread.
   */
  void keyRefused(String key) {
    lane.execute(
        () -> {
          if (inFlight || phase == Phase.REFUSED || !key.equals(parts.keys().active())) {
            return;
          }
          boolean lately = since(doubtedNanos).compareTo(pacing.interval()) < 0;
          doubtedNanos = parts.nanos();
          after(lately ? pacing.soon(since(slotNanos)) : Duration.ZERO, this::beat);
        });
  }

  private void refused(String key, CallFailure failure) {
    if (!key.equals(parts.keys().active()) || parts.keys().nextAfter(key).isPresent()) {
      beat();
      return;
    }
    String tokenId = parts.options().token().map(token -> token.keyId()).orElse(null);
    if (KeySteps.canRepeatEnrollment(parts.keys().stored(), tokenId)) {
      exchange.enroll();
      return;
    }
    commands.stopTaking();
    if (phase != Phase.REFUSED) {
      phase = Phase.REFUSED;
      log.error(
          "No stored key is accepted any more; one attempt per 15 minutes: {}. If the cluster was"
              + " not deleted on purpose, make a new token for it there and run the install command"
              + " again",
          failure);
      parts.listener().tell(listener -> listener.keyRefused(failure));
    }
    after(BackOff.refused(parts.drawn()), this::begin);
  }

  private void reduce(String why) {
    Reduction less = reduction.more();
    if (less != reduction) {
      log.warn("The beat is reduced, leaving out {} and what comes before, because {}", less, why);
    }
    reduction = less;
    beatsSinceReduction = 0;
    content.forgetConfirmed();
  }

  private void relax() {
    if (reduction != Reduction.NONE && ++beatsSinceReduction >= BEATS_BEFORE_WHOLE_AGAIN) {
      reduction = Reduction.NONE;
      log.info("Trying whole beats again");
    }
  }

  private void nextSlot(@Nullable Duration notBefore) {
    Duration wait =
        soonWanted && notBefore == null
            ? pacing.soon(since(slotNanos))
            : pacing.nextBeat(parts.drawn(), since(slotNanos), notBefore);
    soonWanted = false;
    after(wait, this::beat);
  }

  private void after(Duration delay, Runnable task) {
    if (timer != null) {
      timer.cancel();
    }
    timer = lane.schedule(delay, task);
  }

  private Duration since(long nanos) {
    return Duration.ofNanos(parts.nanos() - nanos);
  }
}
