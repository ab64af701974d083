package cx.niro.app.bench;

import cx.niro.app.SystemTime;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Many clusters that beat over a few connections. Each connection has its thread and its share of
 * the clusters, which take turns.
 */
final class Beats implements AutoCloseable {
  private static final int SEEDS = 16;

  private URI server;
  private final String path;
  private final int http;
  private final List<Lane> lanes = new ArrayList<>();
  private final LongAdder sent = new LongAdder();
  private final LongAdder plainBytes = new LongAdder();
  private final LongAdder sentBytes = new LongAdder();
  private final LongAdder answerBytes = new LongAdder();

  /** What a cluster has told so far. Of one thread at a time. */
  private static final class Member {
    final String bootId;
    final String key;
    final Script script;
    long sequence;
    long revision;
    boolean told;

    Member(int number, String key, Script script) {
      this.bootId = "bench-boot-%08d-%016x".formatted(number, SystemTime.RANDOM.nextLong());
      this.key = key;
      this.script = script;
    }

    Beat.Body next(Script.Kind wanted) {
      Script.Kind kind = told ? wanted : Script.Kind.FULL;
      if (kind == Script.Kind.FULL || kind == Script.Kind.DELTA) {
        revision++;
      }
      sequence++;
      long now = SystemTime.CLOCK.millis();
      return script.at(revision, kind).with(new Beat.Numbers(bootId, sequence, now, revision));
    }
  }

  private static final class Lane {
    final List<Member> members = new ArrayList<>();
    @Nullable Line line;
    int next;
  }

  /** Scripts that clusters share. */
  static List<Script> scripts(int nodes, int pods) {
    List<Script> scripts = new ArrayList<>();
    for (int i = 0; i < SEEDS; i++) {
      scripts.add(new Script(i + 1L, nodes, pods));
    }
    return scripts;
  }

  Beats(URI server, String path, BenchOptions options, List<String> keys, List<Script> scripts) {
    this.server = server;
    this.path = path;
    this.http = options.http;
    for (int i = 0; i < options.connections; i++) {
      lanes.add(new Lane());
    }
    for (int i = 0; i < keys.size(); i++) {
      Member member = new Member(i, keys.get(i), scripts.get(i % scripts.size()));
      lanes.get(i % lanes.size()).members.add(member);
    }
  }

  /** One beat of the cluster whose turn it is on this lane. */
  boolean beat(int number, Script.Kind kind) throws IOException {
    Lane lane = lanes.get(number);
    return beat(lane, kind, lane.next++ % lane.members.size());
  }

  /** The same of the first half of its clusters only. */
  boolean beatOfFirstHalf(int number, Script.Kind kind) throws IOException {
    Lane lane = lanes.get(number);
    return beat(lane, kind, lane.next++ % (lane.members.size() / 2));
  }

  /** The same of the others. */
  boolean beatOfSecondHalf(int number, Script.Kind kind) throws IOException {
    Lane lane = lanes.get(number);
    int half = lane.members.size() / 2;
    return beat(lane, kind, half + lane.next++ % (lane.members.size() - half));
  }

  /** The same over a new connection. */
  boolean beatAnew(int number, Script.Kind kind) throws IOException {
    Lane lane = lanes.get(number);
    if (lane.line != null) {
      lane.line.close();
      lane.line = null;
    }
    return beat(number, kind);
  }

  private boolean beat(Lane lane, Script.Kind kind, int index) throws IOException {
    Member member = lane.members.get(index);
    return send(lane, member, member.next(kind));
  }

  /** The boot id of a cluster. */
  String bootId(int number) {
    return lanes.get(number % lanes.size()).members.get(number / lanes.size()).bootId;
  }

  /** The same clusters go on with a server that is elsewhere now. */
  void moveTo(URI address) throws IOException {
    close();
    server = address;
  }

  /** A full beat of each cluster of a lane that has not told anything yet. */
  boolean tellAll(int number) throws IOException {
    Lane lane = lanes.get(number);
    boolean well = true;
    for (Member member : lane.members) {
      well &= member.told || send(lane, member, member.next(Script.Kind.FULL));
    }
    return well;
  }

  private boolean send(Lane lane, Member member, Beat.Body body) throws IOException {
    Line line = lane.line == null ? Line.open(server, http) : lane.line;
    lane.line = line;
    Line.Answer answer = line.post(path, member.key, body);
    sent.increment();
    plainBytes.add(body.plainBytes());
    sentBytes.add(body.bytes().length);
    answerBytes.add(answer.body().length);
    member.told = answer.status() == 200 && !isResync(answer.body());
    return member.told;
  }

  /** What a beat had on average since this was asked before. */
  String sizes() {
    long count = Math.max(1, sent.sumThenReset());
    return plainBytes.sumThenReset() / count
        + " bytes, "
        + sentBytes.sumThenReset() / count
        + " as sent, answer "
        + answerBytes.sumThenReset() / count;
  }

  private static boolean isResync(byte[] answer) {
    return new String(answer, StandardCharsets.UTF_8).contains("\"resync\":true");
  }

  @Override
  public void close() throws IOException {
    for (Lane lane : lanes) {
      if (lane.line != null) {
        lane.line.close();
        lane.line = null;
      }
      lane.next = 0;
    }
  }
}
