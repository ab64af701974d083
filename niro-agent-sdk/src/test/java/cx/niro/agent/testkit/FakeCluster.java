package cx.niro.agent.testkit;

import cx.niro.core.BootId;
import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.Credential;
import cx.niro.core.ErrorCode;
import cx.niro.core.protocol.AgentSettings;
import cx.niro.core.protocol.BeatContent;
import cx.niro.core.protocol.CommandOffer;
import cx.niro.core.protocol.CommandResult;
import cx.niro.core.protocol.EnrollReply;
import cx.niro.core.protocol.EnrollRequest;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.protocol.HeartbeatReply;
import cx.niro.core.protocol.HeldCommand;
import cx.niro.core.protocol.KeyReply;
import cx.niro.core.protocol.KeyRequest;
import cx.niro.core.protocol.LogPiece;
import cx.niro.core.protocol.PollReply;
import cx.niro.core.protocol.PollRequest;
import cx.niro.core.protocol.RawJson;
import cx.niro.core.protocol.ResultReply;
import cx.niro.core.protocol.StreamReply;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.ContentDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One cluster as a {@link FakeServer} has it: what its agent sent, and what is to be done to it.
 * Safe for use by any thread.
 */
public final class FakeCluster {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int CANDIDATES = 5;

  private final ClusterId id;
  private final Credential token;
  private final List<EnrollRequest> enrollments = new ArrayList<>();
  private final List<Heartbeat> beats = new ArrayList<>();
  private final Map<CommandId, CommandResult> results = new LinkedHashMap<>();
  private final Map<CommandId, List<LogPiece>> pieces = new LinkedHashMap<>();
  private final Set<CommandId> stopped = new java.util.HashSet<>();
  private @Nullable Integer linesPerSecond;
  private final List<String> goodbyes = new ArrayList<>();
  private final List<PollRequest> polls = new ArrayList<>();
  private final List<CommandOffer> offers = new ArrayList<>();
  private final List<CommandId> cancels = new ArrayList<>();
  private final Set<String> candidates = new TreeSet<>();
  private final Set<BootId> superseded = new java.util.HashSet<>();
  private @Nullable String key;
  private @Nullable String requestId;
  private boolean revoked;
  private @Nullable BootId boot;
  private long sequence;
  private @Nullable HeartbeatReply lastReply;
  private long revision;
  private ClusterSnapshot snapshot = ClusterSnapshot.EMPTY;
  private boolean resyncWanted;
  private boolean rotationWanted;
  private @Nullable Long notBeforeMillis;
  private AgentSettings settings = AgentSettings.DEFAULT;
  private @Nullable CompletableFuture<FakeAnswer> parked;
  private int commandNumber;

  FakeCluster(ClusterId id) {
    this.id = id;
    token = Credential.mint(Credential.Kind.ENROLLMENT_TOKEN, RANDOM);
  }

  public ClusterId id() {
    return id;
  }

  /** The single-use token that an agent enrolls with. */
  public String token() {
    return token.secretText();
  }

  public synchronized List<EnrollRequest> enrollments() {
    return List.copyOf(enrollments);
  }

  /** The accepted beats, exact repeats left out. */
  public synchronized List<Heartbeat> beats() {
    return List.copyOf(beats);
  }

  public synchronized List<PollRequest> polls() {
    return List.copyOf(polls);
  }

  /** The cluster's content, merged from the beats. */
  public synchronized ClusterSnapshot snapshot() {
    return snapshot;
  }

  public synchronized Optional<CommandResult> result(CommandId command) {
    return Optional.ofNullable(results.get(command));
  }

  /** The pieces of a stream, exact repeats left out. */
  public synchronized List<LogPiece> pieces(CommandId stream) {
    return List.copyOf(pieces.getOrDefault(stream, List.of()));
  }

  /** The lines of a stream. */
  public List<String> lines(CommandId stream) {
    return pieces(stream).stream().flatMap(piece -> piece.lines().stream()).toList();
  }

  /** How many lines a stream has lost. */
  public long dropped(CommandId stream) {
    return pieces(stream).stream().mapToLong(LogPiece::dropped).sum();
  }

  /** The next piece of this stream is answered {@code stop}. */
  public synchronized void stop(CommandId stream) {
    stopped.add(stream);
  }

  /** Said with every answer to a piece; null for nothing. */
  public synchronized void linesPerSecond(@Nullable Integer most) {
    linesPerSecond = most;
  }

  /** The reasons of the goodbyes. */
  public synchronized List<String> goodbyes() {
    return List.copyOf(goodbyes);
  }

  /** The key that has worked. */
  public synchronized Optional<String> key() {
    return Optional.ofNullable(key);
  }

  /** How many keys wait for their first use. */
  public synchronized int candidates() {
    return candidates.size();
  }

  /** Hands a command to the agent with its next poll, at once when one is parked. */
  public CommandId offer(String kind, String payload) {
    CommandId command;
    synchronized (this) {
      command = new CommandId(id.value() + "-c" + ++commandNumber);
    }
    offer(new CommandOffer(command, kind, new RawJson(payload), 1, 300L, null));
    return command;
  }

  /** The same with everything given, for repeats and deadlines. */
  public void offer(CommandOffer offer) {
    change(() -> offers.add(offer));
  }

  /** Asks the agent to stop a command. */
  public void cancel(CommandId command) {
    change(() -> cancels.add(command));
  }

  /** Answers the parked poll with nothing. */
  public void releasePoll() {
    release(true);
  }

  public synchronized void wantResync() {
    resyncWanted = true;
  }

  public synchronized void wantRotation() {
    rotationWanted = true;
  }

  public synchronized void settings(AgentSettings wanted) {
    settings = wanted;
  }

  /** Sent with every reply to a beat; null for none. */
  public synchronized void notBeforeMillis(@Nullable Long millis) {
    notBeforeMillis = millis;
  }

  /** Deletes the cluster: its keys die and its parked poll ends. */
  public void revoke() {
    CompletableFuture<FakeAnswer> poll;
    synchronized (this) {
      revoked = true;
      poll = parked;
      parked = null;
    }
    if (poll != null) {
      poll.complete(FakeAnswer.problem(ErrorCode.KEY_REVOKED, "the cluster was deleted", null));
    }
  }

  boolean hasToken(String text) {
    return token.secretText().equals(text);
  }

  synchronized boolean knows(String presented) {
    return presented.equals(key) || candidates.contains(presented);
  }

  synchronized FakeAnswer enroll(EnrollRequest request) {
    enrollments.add(request);
    boolean mine = requestId == null || requestId.equals(request.requestId());
    if (!mine || key != null || candidates.size() >= CANDIDATES) {
      return FakeAnswer.problem(ErrorCode.TOKEN_USED, "the token was used", null);
    }
    requestId = request.requestId();
    return FakeAnswer.of(new EnrollReply(id, mintKey(), settings, 1L));
  }

  private String mintKey() {
    String minted = Credential.mint(Credential.Kind.AGENT_KEY, RANDOM).secretText();
    candidates.add(minted);
    return minted;
  }

  /** Null when {@code presented} may go on; its first use makes it the key. */
  synchronized @Nullable FakeAnswer authenticate(String presented) {
    if (revoked) {
      return FakeAnswer.problem(ErrorCode.KEY_REVOKED, "the cluster was deleted", null);
    }
    if (candidates.contains(presented)) {
      key = presented;
      candidates.clear();
    }
    return null;
  }

  synchronized FakeAnswer heartbeat(Heartbeat beat) {
    if (superseded.contains(beat.bootId())) {
      return FakeAnswer.problem(ErrorCode.BOOT_SUPERSEDED, "a newer agent reports", 60);
    }
    if (!beat.bootId().equals(boot)) {
      Optional.ofNullable(boot).ifPresent(superseded::add);
      boot = beat.bootId();
      sequence = 0;
      revision = 0;
    }
    HeartbeatReply repeated = lastReply;
    if (beat.sequence() == sequence && repeated != null) {
      return FakeAnswer.of(repeated);
    }
    if (beat.sequence() < sequence) {
      return FakeAnswer.problem(ErrorCode.SEQUENCE_STALE, "have " + sequence, null);
    }
    sequence = beat.sequence();
    boolean resync = resyncWanted | !merge(beat.content());
    resyncWanted = false;
    beats.add(beat);
    HeartbeatReply reply =
        new HeartbeatReply(
            settings, revision, resync, rotationWanted, null, notBeforeMillis, beats.size());
    rotationWanted = false;
    lastReply = reply;
    return FakeAnswer.of(reply);
  }

  private boolean merge(BeatContent content) {
    return content.fold(
        unchanged -> unchanged.revision() == revision,
        delta -> {
          if (delta.baseRevision() != revision) {
            return false;
          }
          snapshot = delta.delta().applyTo(snapshot);
          revision = delta.revision();
          return digestIs(delta.digest());
        },
        full -> {
          snapshot = full.snapshot();
          revision = full.revision();
          return digestIs(full.digest());
        });
  }

  private boolean digestIs(@Nullable String digest) {
    return ContentDigest.text(ContentDigest.of(snapshot.objects())).equals(digest);
  }

  CompletableFuture<FakeAnswer> poll(PollRequest request) {
    release(true);
    CompletableFuture<FakeAnswer> answer = new CompletableFuture<>();
    synchronized (this) {
      polls.add(request);
      Set<CommandId> held =
          request.holding().stream().map(HeldCommand::id).collect(Collectors.toSet());
      offers.removeIf(offer -> offer.attempt() == 1 && held.contains(offer.id()));
      parked = answer;
    }
    release(false);
    return answer;
  }

  private void change(Runnable change) {
    synchronized (this) {
      change.run();
    }
    release(false);
  }

  /** Answers the parked poll if there is something to say, or in any case. */
  private void release(boolean inAnyCase) {
    CompletableFuture<FakeAnswer> poll;
    PollReply reply;
    synchronized (this) {
      poll = parked;
      int slots = polls.isEmpty() ? 0 : Optional.ofNullable(last().slots()).orElse(4);
      boolean due = !cancels.isEmpty() || (!offers.isEmpty() && slots > 0);
      if (poll == null || (!due && !inAnyCase)) {
        return;
      }
      List<CommandOffer> now = List.copyOf(offers.subList(0, Math.min(slots, offers.size())));
      reply = new PollReply(now, List.copyOf(cancels), List.of(), null);
      offers.removeAll(now);
      cancels.clear();
      parked = null;
    }
    poll.complete(FakeAnswer.of(reply));
  }

  private PollRequest last() {
    return polls.get(polls.size() - 1);
  }

  synchronized FakeAnswer result(CommandId command, CommandResult result) {
    results.putIfAbsent(command, result);
    return FakeAnswer.of(new ResultReply(result.state()));
  }

  synchronized FakeAnswer piece(CommandId stream, LogPiece piece) {
    List<LogPiece> before = pieces.computeIfAbsent(stream, key -> new ArrayList<>());
    if (before.isEmpty() || before.get(before.size() - 1).sequence() < piece.sequence()) {
      before.add(piece);
    }
    return FakeAnswer.of(new StreamReply(stopped.contains(stream), linesPerSecond));
  }

  synchronized FakeAnswer newKey(KeyRequest request) {
    return FakeAnswer.of(new KeyReply(mintKey()));
  }

  synchronized FakeAnswer goodbye(@Nullable String reason) {
    goodbyes.add(String.valueOf(reason));
    return new FakeAnswer(200, "{}", null);
  }
}
