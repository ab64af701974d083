package cx.niro.app.bench;

import cx.niro.core.protocol.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Very many clusters on one thread: each beats once an interval and keeps a poll parked, over
 * connections of their own or over a few that they share. It is no agent: what it sends was made
 * before.
 */
final class LoadFleet implements Runnable, LoadConnection.Answers, AutoCloseable {
  /**
   * What the fleet does.
   *
   * @param connections as many as clusters when each has its own
   * @param ramp over how long the first beats come
   * @param pollSeconds how long a poll asks to be parked; 0 for no polls
   */
  record Plan(
      InetSocketAddress server,
      int connections,
      Duration ramp,
      Duration interval,
      int pollSeconds,
      LoadCluster.Mix mix) {}

  final LoadFigures figures = new LoadFigures();
  private final Plan plan;
  private final List<LoadCluster> clusters;
  private final LoadConnection[] connections;
  private final PriorityQueue<LoadCluster> due =
      new PriorityQueue<>(Comparator.comparingLong((LoadCluster one) -> one.dueNanos));
  private final ByteBuffer out = ByteBuffer.allocateDirect(1 << 20);
  private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 20);
  private final SplittableRandom random = new SplittableRandom(1);
  private final Selector selector;
  private final Thread thread = new Thread(this, "load");
  private final long begun = System.nanoTime();
  private volatile boolean ended;

  LoadFleet(Plan plan, List<LoadCluster> clusters) throws IOException {
    this.plan = plan;
    this.clusters = clusters;
    this.connections = new LoadConnection[plan.connections()];
    this.selector = Selector.open();
  }

  void begin() {
    for (int i = 0; i < clusters.size(); i++) {
      clusters.get(i).dueNanos = System.nanoTime() + plan.ramp().toNanos() / clusters.size() * i;
      due.add(clusters.get(i));
    }
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    try {
      while (!ended) {
        long now = System.nanoTime();
        LoadCluster next = due.peek();
        while (next != null && next.dueNanos - now <= 0) {
          due.poll();
          beatOrWait(next, now);
          next = due.peek();
        }
        long millis = next == null ? 100 : (next.dueNanos - System.nanoTime()) / 1_000_000;
        selector.select(this::act, Math.max(1, Math.min(100, millis)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void act(SelectionKey key) {
    ((LoadConnection) key.attachment()).act(in);
  }

  private void beatOrWait(LoadCluster cluster, long now) {
    if (cluster.notBeforeNanos > now) {
      cluster.dueNanos = cluster.notBeforeNanos;
      cluster.notBeforeNanos = Long.MIN_VALUE;
      due.add(cluster);
    } else {
      beat(cluster, now);
    }
  }

  private void beat(LoadCluster cluster, long now) {
    long wasDue = cluster.dueNanos;
    cluster.dueNanos = wasDue + interval();
    due.add(cluster);
    if (cluster.beating) {
      figures.trouble("not answered within an interval");
      return;
    }
    connect(cluster);
    long wall = System.currentTimeMillis();
    LoadBodies.Body body = cluster.beat(plan.mix(), random, wall, (now - begun) / 1_000_000);
    if (!cluster.connection.hasRoom(body.bytes().length)) {
      figures.trouble("the connection's window was full");
    }
    cluster.beating = true;
    send(cluster, new LoadConnection.Sent(cluster, true, wasDue), Protocol.HEARTBEAT, body);
  }

  private long interval() {
    double jitter = 1 + Protocol.HEARTBEAT_JITTER * (2 * random.nextDouble() - 1);
    return (long) (plan.interval().toNanos() * jitter);
  }

  private void connect(LoadCluster cluster) {
    if (cluster.connection != null && !cluster.connection.isClosed()) {
      return;
    }
    int place = cluster.number % connections.length;
    try {
      if (connections[place] == null || connections[place].isClosed()) {
        boolean shared = connections.length < clusters.size();
        connections[place] = new LoadConnection(selector, plan.server(), shared, this);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cluster.connection = connections[place];
  }

  private void send(
      LoadCluster cluster, LoadConnection.Sent sent, String path, LoadBodies.Body body) {
    figures.sent(body.bytes().length);
    cluster.connection.send(sent, path, body.gzip(), body.bytes(), out);
  }

  private void poll(LoadCluster cluster) {
    if (plan.pollSeconds() == 0 || cluster.connection.isClosed()) {
      return;
    }
    LoadBodies.Body body = new LoadBodies.Body(cluster.poll(plan.pollSeconds()), false);
    cluster.polling = true;
    send(cluster, new LoadConnection.Sent(cluster, false, 0), Protocol.POLL, body);
  }

  @Override
  public void answered(LoadConnection.Sent sent, boolean ok, byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    LoadCluster cluster = sent.cluster;
    if (!ok) {
      figures.trouble((sent.beat ? "beat: " : "poll: ") + code(text));
    }
    if (!sent.beat) {
      cluster.polling = false;
      if (ok) {
        figures.poll();
        poll(cluster);
      }
      return;
    }
    cluster.beating = false;
    long now = System.nanoTime();
    if (!ok) {
      cluster.forget();
      cluster.notBeforeNanos = now + plan.interval().multipliedBy(1 + random.nextInt(3)).toNanos();
      return;
    }
    figures.beat(cluster.form, now - sent.dueNanos, now - sent.nanos);
    if (cluster.taken(text)) {
      figures.trouble("resync");
    }
    long later = LoadCluster.number(text, "\"notBeforeMillis\":", 0);
    cluster.notBeforeNanos =
        later == 0 ? Long.MIN_VALUE : now + TimeUnit.MILLISECONDS.toNanos(later);
    if (!cluster.polling) {
      poll(cluster);
    }
  }

  private static String code(String problem) {
    int at = problem.indexOf("\"code\":\"");
    return at < 0 ? "no answer of ours" : problem.substring(at + 8, problem.indexOf('"', at + 8));
  }

  @Override
  public void broken(LoadConnection connection, List<LoadConnection.Sent> open, String why) {
    figures.trouble("connection: " + why);
    for (LoadConnection.Sent sent : open) {
      if (sent.beat) {
        sent.cluster.beating = false;
        sent.cluster.forget();
      } else {
        sent.cluster.polling = false;
      }
    }
  }

  @Override
  public void close() throws Exception {
    ended = true;
    selector.wakeup();
    thread.join();
    for (LoadConnection connection : connections) {
      if (connection != null) {
        connection.close();
      }
    }
    selector.close();
  }
}
