package cx.niro.server.testkit;

import cx.niro.core.BootId;
import cx.niro.core.CommandId;
import cx.niro.core.protocol.BeatContent;
import cx.niro.core.protocol.BeatTiming;
import cx.niro.core.protocol.CommandResult;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.EnrollRequest;
import cx.niro.core.protocol.Goodbye;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.protocol.HeartbeatReply;
import cx.niro.core.protocol.HeldCommand;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.protocol.PollReply;
import cx.niro.core.protocol.PollRequest;
import cx.niro.core.protocol.RawJson;
import cx.niro.core.protocol.ResultReply;
import cx.niro.core.snapshot.Capabilities;
import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.ContentDigest;
import cx.niro.core.snapshot.ManagedMark;
import cx.niro.core.snapshot.SnapshotDelta;
import cx.niro.core.snapshot.Usage;
import cx.niro.server.AgentGateway;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * An agent without a transport and without time of its own: each call goes straight to a gateway
 * when a test says so. It keeps the protocol's rules (forms of a beat, sequence, confirmed
 * revision); what it is told to send wrong, it sends wrong. For one thread.
 */
public final class FakeAgent {
  private static final NiroCodec CODEC = NiroCodec.create();
  private static final AtomicInteger BOOTS = new AtomicInteger();

  private final AgentGateway gateway;
  private final InstantSource clock;
  private final List<HeldCommand> holding = new ArrayList<>();
  private String key = "";
  private BootId bootId = newBoot();
  private long sequence;
  private long revision = 1;
  private long confirmed;
  private ClusterSnapshot confirmedSnapshot = ClusterSnapshot.EMPTY;
  private ClusterSnapshot snapshot = ClusterSnapshot.EMPTY;
  private @Nullable Usage usage;
  private int fullBeats;
  private boolean withBodies;

  public FakeAgent(AgentGateway gateway, InstantSource clock) {
    this.gateway = gateway;
    this.clock = clock;
  }

  private static BootId newBoot() {
    return new BootId("boot-" + BOOTS.incrementAndGet());
  }

  /** A request id of legal length that says what it is for. */
  public static String requestId(String name) {
    return (name + "-0123456789abcdefghijklmnop").substring(0, Math.max(26, name.length()));
  }

  public static EnrollRequest request(String token, String requestId, @Nullable String uid) {
    return new EnrollRequest(
        token, requestId, uid, "v1.35.2+k3s1", "k3s", "0.1.0", List.of(1), List.of());
  }

  /** Exchanges the token with a request id of its own and keeps the key. */
  public FakeAgent enroll(String token) {
    return enroll(token, null);
  }

  /** The same, naming the UID of its kube-system. */
  public FakeAgent enroll(String token, @Nullable String uid) {
    key = gateway.enroll(request(token, requestId(bootId.value()), uid)).agentKey();
    return this;
  }

  /** Takes a key that was got elsewhere. */
  public FakeAgent withKey(String agentKey) {
    key = agentKey;
    return this;
  }

  /** Each beat comes with its body from now on, gzipped as agents send it. */
  public FakeAgent sendingBodies() {
    withBodies = true;
    return this;
  }

  /** What the next beat tells. */
  public FakeAgent sees(ClusterSnapshot next) {
    snapshot = next;
    revision++;
    return this;
  }

  /** The figures that the next beat brings, and each after it. */
  public FakeAgent uses(@Nullable Usage figures) {
    usage = figures;
    return this;
  }

  /** The same content with these capabilities. */
  public FakeAgent granted(String... names) {
    ClusterInfo was = snapshot.info();
    ClusterInfo info =
        new ClusterInfo(
            was.agentVersion(),
            was.kubernetesVersion(),
            was.distribution(),
            was.kubeSystemUid(),
            was.agentStartedAt(),
            new Capabilities(Set.of(names)),
            was.api());
    return sees(new ClusterSnapshot(info, snapshot.sections(), snapshot.objects()));
  }

  /** The same content with what this deployment left in the cluster. */
  public FakeAgent keeps(String deployment, long revision) {
    return keeps(deployment, revision, "mark");
  }

  /** The same with this mark on it. */
  public FakeAgent keeps(String deployment, long revision, String mark) {
    return keeps(List.of(new ManagedMark(deployment, revision, mark)));
  }

  /** The same with all of these. */
  public FakeAgent keeps(List<ManagedMark> marks) {
    return sees(
        new ClusterSnapshot(
            snapshot.info().withManaged(marks), snapshot.sections(), snapshot.objects()));
  }

  /** The process ends without a word and another one begins, with the same key. */
  public FakeAgent restart() {
    bootId = newBoot();
    sequence = 0;
    revision = 1;
    confirmed = 0;
    holding.clear();
    return this;
  }

  /** A clone: the same key and boot id, from the same state. */
  public FakeAgent copy() {
    return copy(gateway);
  }

  /** The same process, as another gateway sees it. */
  public FakeAgent copy(AgentGateway other) {
    FakeAgent copy = new FakeAgent(other, clock);
    copy.holding.addAll(holding);
    copy.key = key;
    copy.bootId = bootId;
    copy.sequence = sequence;
    copy.revision = revision;
    copy.confirmed = confirmed;
    copy.snapshot = snapshot;
    copy.confirmedSnapshot = confirmedSnapshot;
    return copy;
  }

  public BootId bootId() {
    return bootId;
  }

  public String key() {
    return key;
  }

  public int fullBeats() {
    return fullBeats;
  }

  /** The next beat in the form that fits, and what the answer means for the one after. */
  public HeartbeatReply beat() {
    sequence++;
    return sendAgain();
  }

  /** Counts a beat without sending it. */
  public FakeAgent skip() {
    sequence++;
    return this;
  }

  /** The same beat once more, with the same sequence. */
  public HeartbeatReply sendAgain() {
    BeatContent content = content();
    if (content instanceof BeatContent.Full) {
      fullBeats++;
    }
    return sent(send(sequence, content));
  }

  /** A beat that changes nothing here, whatever the answer. */
  public HeartbeatReply send(long number, BeatContent content) {
    byte[] plain = CODEC.encode(beat(number, content));
    byte[] body = withBodies ? gzipped(plain) : new byte[0];
    Heartbeat heard = CODEC.decode(Heartbeat.class, plain);
    return gateway.heartbeat(gateway.authenticate(key), heard, body);
  }

  /**
   * The next beat, sent now; it arrives whenever the result is asked, as often as it is asked, and
   * changes nothing here.
   */
  public Supplier<HeartbeatReply> underWay() {
    Heartbeat sent = beat(++sequence, content());
    return () -> gateway.heartbeat(gateway.authenticate(key), sent);
  }

  private static byte[] gzipped(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream zipped = new GZIPOutputStream(bytes)) {
      zipped.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private Heartbeat beat(long number, BeatContent content) {
    BeatTiming timing = new BeatTiming(clock.millis(), null, null, null, null);
    return new Heartbeat(bootId, number, timing, content, usage);
  }

  private HeartbeatReply sent(HeartbeatReply reply) {
    boolean taken = !reply.wantsResync() && reply.confirmedRevision() == revision;
    confirmed = taken ? revision : 0;
    confirmedSnapshot = taken ? snapshot : ClusterSnapshot.EMPTY;
    return reply;
  }

  public BeatContent content() {
    String digest = ContentDigest.text(ContentDigest.of(snapshot.objects()));
    if (confirmed == 0) {
      return new BeatContent.Full(revision, digest, snapshot);
    }
    if (confirmed == revision) {
      return new BeatContent.Unchanged(revision, digest);
    }
    SnapshotDelta delta = SnapshotDelta.between(confirmedSnapshot, snapshot);
    return new BeatContent.Delta(revision, confirmed, digest, delta);
  }

  /** A poll with four slots and the server's wait. */
  public CompletableFuture<PollReply> poll() {
    return poll(null, 4);
  }

  public CompletableFuture<PollReply> poll(@Nullable Integer waitSeconds, int slots) {
    PollRequest request = new PollRequest(bootId, waitSeconds, slots, List.copyOf(holding));
    return gateway.poll(gateway.authenticate(key), request).toCompletableFuture();
  }

  /** Says in the next polls that it holds this. */
  public FakeAgent holds(CommandId id, CommandState state, int attempt) {
    drops(id);
    holding.add(new HeldCommand(id, state, attempt));
    return this;
  }

  public FakeAgent drops(CommandId id) {
    holding.removeIf(held -> held.id().equals(id));
    return this;
  }

  /** Reports an outcome of the first attempt. */
  public ResultReply result(CommandId id, CommandState state) {
    return result(id, 1, state, null);
  }

  public ResultReply result(
      CommandId id, int attempt, CommandState state, @Nullable RawJson output) {
    return gateway.result(
        gateway.authenticate(key),
        id,
        new CommandResult(bootId, attempt, state, null, output, null, null));
  }

  public void goodbye(String reason) {
    gateway.goodbye(gateway.authenticate(key), new Goodbye(bootId, reason));
  }
}
