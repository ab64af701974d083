package cx.niro.server.internal.relay;

import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.NiroException;
import cx.niro.core.RetryLaterException;
import cx.niro.core.protocol.CommandOffer;
import cx.niro.core.protocol.CommandResult;
import cx.niro.core.protocol.LogPiece;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.protocol.PollReply;
import cx.niro.core.protocol.StreamReply;
import cx.niro.server.ReplicaGateway.Head;
import cx.niro.server.internal.Platform;
import cx.niro.server.spi.RelayRow;
import cx.niro.server.spi.Stores;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other servers over the same stores. A stream belongs to the server that has its viewer, and
 * its id names that server: whichever server an agent sends a piece to hands it on there and gives
 * the agent the answer, so that nothing is kept or queued on the way and an agent may change
 * servers in the midst of a stream.
 */
public final class Relay implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

  /** How often {@link #renew} is to be called. */
  public static final Duration PERIOD = Duration.ofSeconds(5);

  private static final Duration LIFE = Duration.ofSeconds(20);
  private static final Duration FORGOTTEN = Duration.ofHours(1);

  /** How far the time of a signature may be from ours. */
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private static final int MOST_PORT = 65_535;
  private static final int MOST_URL_CHARS = 500;
  private static final String CLUSTERS = "/replica/v1/clusters/";
  private static final String MARK = "s.";
  private static final Pattern URL_TAIL = Pattern.compile("/+$");
  private static final NiroCodec CODEC = NiroCodec.create();

  private final Stores stores;
  private final Platform platform;
  private final @Nullable String url;
  private final String me;
  private final String secret;
  private final ReplicaCalls calls;
  private final Set<String> failing = ConcurrentHashMap.newKeySet();
  private volatile List<RelayRow> others = List.of();
  private final AtomicBoolean looking = new AtomicBoolean();
  private volatile Instant triedAt = Instant.EPOCH;
  private volatile boolean closed;

  /**
   * @param url where the others reach this server; null when it was not told
   */
  public Relay(Stores stores, Platform platform, @Nullable URI url) {
    this.stores = stores;
    this.platform = platform;
    this.url = url == null ? null : URL_TAIL.matcher(url.toString()).replaceAll("");
    this.me = platform.newId();
    this.secret = platform.newId() + platform.newId() + platform.newId();
    this.calls = new ReplicaCalls(platform.executor());
  }

  /**
   * The URL, when other servers can call it.
   *
   * @throws IllegalArgumentException when it is not an http(s) URL of a host without a path, or is
   *     longer than 500 characters
   */
  public static URI requireCallable(URI url) {
    int port = url.getPort();
    if (port == 0 || port > MOST_PORT || url.toString().length() > MOST_URL_CHARS) {
      throw new IllegalArgumentException(
          "advertiseUrl must have a port of 1 to %d and at most %d characters, but was '%s'"
              .formatted(MOST_PORT, MOST_URL_CHARS, url));
    }
    boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    boolean bare = url.getRawQuery() == null && url.getRawFragment() == null;
    boolean root = String.valueOf(url.getRawPath()).matches("/*");
    if (!web || url.getHost() == null || url.getRawUserInfo() != null || !bare || !root) {
      throw new IllegalArgumentException(
          "advertiseUrl must be like http://10.1.2.3:8080, without a path, but was '" + url + "'");
    }
    return url;
  }

  /** Says that this server is there, and looks who else is. Blocks. */
  public void renew() {
    if (closed) {
      return;
    }
    Instant now = platform.now();
    triedAt = now;
    RelayRow mine = new RelayRow(me, url, secret, now.plus(LIFE));
    List<RelayRow> all =
        stores.inTransaction(
            tx -> {
              tx.relays().put(mine);
              return tx.relays().all();
            });
    if (closed) {
      drop(me);
    }
    others =
        all.stream().filter(row -> !row.server().equals(me) && row.endsAt().isAfter(now)).toList();
    failing.retainAll(others.stream().map(RelayRow::server).collect(Collectors.toSet()));
    Instant old = now.minus(FORGOTTEN);
    for (RelayRow row : all) {
      if (row.endsAt().isBefore(old)) {
        drop(row.server());
      }
    }
  }

  private void drop(String server) {
    stores.inTransaction(
        tx -> {
          tx.relays().drop(server);
          return true;
        });
  }

  /** An id for a stream that is looked at here. */
  public CommandId newStream() {
    return new CommandId(MARK + me + "." + platform.newId());
  }

  /** Whether a stream of this id is looked at elsewhere. */
  public boolean isForeign(CommandId stream) {
    String id = stream.value();
    return id.startsWith(MARK) && !id.startsWith(MARK + me + ".");
  }

  /** Asks every other server to ask the cluster's agent; what it then sends comes back here. */
  public void offer(ClusterId cluster, CommandOffer offer) {
    if (url == null) {
      return;
    }
    var unusedLook = lookAgain();
    PollReply body = new PollReply(List.of(offer), List.of(), List.of(), null);
    for (RelayRow other : others) {
      if (other.url() != null) {
        var unused = post(other, CLUSTERS + cluster.value() + "/offers", body);
      }
    }
  }

  /** Why an agent that is there may not have been asked; empty when there is no such reason. */
  public String hint() {
    if (url == null && !others.isEmpty()) {
      return "; other servers share the database, and agents that are connected to them can only be"
          + " asked when this one has an advertise URL";
    }
    return others.stream().anyMatch(other -> other.url() == null)
        ? "; another server that shares the database has no advertise URL, and agents that are"
            + " connected to it cannot be asked from here"
        : "";
  }

  /** The answer of the server that has the viewer; fails so that the agent sends it again. */
  public CompletionStage<StreamReply> piece(ClusterId cluster, CommandId stream, LogPiece piece) {
    return post(owner(stream), streams(cluster, stream), piece).thenApply(Relay::reply);
  }

  private static StreamReply reply(ReplicaCalls.Answer answer) {
    if (answer.status() == 404) {
      throw new InvalidRequestException(
          ErrorCode.NOT_FOUND, "the stream is not looked at any more");
    }
    if (answer.status() != 200) {
      throw unreachable(null);
    }
    return CODEC.decode(StreamReply.class, answer.body());
  }

  /** What an agent answered to the command that opens the stream; lost when it cannot be told. */
  public void result(ClusterId cluster, CommandId stream, CommandResult result) {
    var unused = post(owner(stream), streams(cluster, stream) + "/result", result);
  }

  private static String streams(ClusterId cluster, CommandId stream) {
    return CLUSTERS + cluster.value() + "/streams/" + stream.value();
  }

  private RelayRow owner(CommandId stream) {
    Optional<RelayRow> known = find(stream);
    if (known.isEmpty()) {
      boolean looked = lookAgain();
      known = find(stream);
      if (known.isEmpty() && !looked) {
        throw unreachable(null);
      }
    }
    return known
        .filter(row -> row.url() != null)
        .orElseThrow(
            () -> new InvalidRequestException(ErrorCode.NOT_FOUND, "there is no stream " + stream));
  }

  /**
   * One that has just come may be meant. One thread at a time and once a second, also while the
   * database fails, for agents choose what they ask for. True when it was looked just now: until
   * then nobody can say that there is no such server.
   */
  private boolean lookAgain() {
    if (!looking.compareAndSet(false, true)) {
      return false;
    }
    try {
      if (triedAt.plusSeconds(1).isAfter(platform.now())) {
        return false;
      }
      renew();
      return true;
    } catch (RuntimeException e) {
      LOG.warn("who else shares the database is read later: {}", e.getMessage());
      return false;
    } finally {
      looking.set(false);
    }
  }

  private Optional<RelayRow> find(CommandId stream) {
    return others.stream()
        .filter(row -> stream.value().startsWith(MARK + row.server() + "."))
        .findFirst();
  }

  private CompletionStage<ReplicaCalls.Answer> post(RelayRow to, String path, Object message) {
    byte[] body = CODEC.encode(message);
    String time = Long.toString(platform.now().toEpochMilli());
    String digest = Signature.digest(body);
    Map<String, String> headers =
        Map.of(
            Head.TIME,
            time,
            Head.DIGEST,
            digest,
            Head.SIGNATURE,
            Signature.of(to.secret(), "POST", path, time, digest));
    return calls
        .post(to.url() + path, headers, body)
        .handle(
            (answer, failure) -> {
              tell(to, answer, failure);
              if (answer == null) {
                throw unreachable(failure);
              }
              return answer;
            });
  }

  private static RetryLaterException unreachable(@Nullable Throwable cause) {
    return new RetryLaterException(
        ErrorCode.STREAM_UNREACHABLE, "the server that shows the stream cannot be reached", cause);
  }

  /** Once for each change. */
  private void tell(
      RelayRow to, ReplicaCalls.@Nullable Answer answer, @Nullable Throwable failure) {
    boolean works = answer != null && (answer.status() < 400 || answer.status() == 404);
    if (works && failing.remove(to.server())) {
      LOG.info("{} can be reached again", to);
    } else if (!works && failing.add(to.server())) {
      String why = answer == null ? String.valueOf(failure) : "it answered " + answer.status();
      LOG.warn("streams of logs cannot be handed on to {}: {}", to, why);
    }
  }

  /**
   * Lets a call of another server in.
   *
   * @throws NiroException {@code not_authenticated}
   */
  public void check(Head head) {
    String time = head.time();
    String digest = head.digest();
    String given = head.signature();
    if (time == null || digest == null || given == null) {
      throw stranger("the signature is missing");
    }
    String wanted = Signature.of(secret, head.method(), head.path(), time, digest);
    if (!Signature.fits(wanted, given)) {
      throw stranger("the signature does not fit");
    }
    Duration age = Duration.between(Instant.ofEpochMilli(Long.parseLong(time)), platform.now());
    if (age.abs().compareTo(WINDOW) > 0) {
      throw stranger(
          "the signature is "
              + age.toSeconds()
              + " s old, and "
              + WINDOW.toSeconds()
              + " are allowed");
    }
  }

  private static InvalidRequestException stranger(String why) {
    return new InvalidRequestException(ErrorCode.NOT_AUTHENTICATED, why);
  }

  /** This server takes no streams any more. Blocks for one write. */
  @Override
  public void close() {
    closed = true;
    calls.close();
    try {
      drop(me);
    } catch (RuntimeException e) {
      LOG.debug("the row of this server ends by itself", e);
    }
  }
}
