package cx.niro.app.bench;

import cx.niro.app.SystemTime;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Polls that wait, each on a connection of its own, and commands that end one of them. One thread
 * keeps most of them parked, in the order in which they end; a few take turns in being sent a
 * command, and are parked anew shortly before.
 */
final class Parked implements Closeable {
  private static final int MEASURED = 64;
  private static final Duration TO_PARK = Duration.ofMillis(20);
  private static final int PATIENCE_SECONDS = 20;
  private static final Pattern COMMAND =
      Pattern.compile("\"commands\":\\[\\{\"id\":\"([^\"]+)\".*?\"attempt\":(\\d+)");
  private static final Beat.Body PING = body("{\"kind\":\"ping\",\"deadlineSeconds\":60}");

  /** How a poll is sent. */
  record Poll(String path, String key, Beat.Body body) {}

  private record Heard(long at, Line.Answer answer) {}

  private final List<Http1Line> lines = new ArrayList<>();
  private final List<Poll> polls = new ArrayList<>();
  private final URI server;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(2, SystemTime.daemons("parked"));
  private final int measured;
  private long[] answered = new long[0];
  private String trouble = "nothing";

  Parked(URI server, int count) throws IOException {
    this.server = server;
    this.measured = Math.min(MEASURED, count);
    for (int i = 0; i < count; i++) {
      lines.add(new Http1Line(server));
    }
  }

  private static Beat.Body body(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Beat.Body(bytes, false, bytes.length);
  }

  static Beat.Body poll(String bootId) {
    return body("{\"bootId\":\"" + bootId + "\",\"waitSeconds\":30,\"slots\":4,\"holding\":[]}");
  }

  void park(IntFunction<Poll> poll) throws IOException {
    for (int i = 0; i < lines.size(); i++) {
      polls.add(poll.apply(i));
      if (i >= measured) {
        park(i);
      }
    }
    var unused = threads.submit(this::keepParked);
  }

  private void park(int i) throws IOException {
    Poll poll = polls.get(i);
    lines.get(i).send(poll.path(), poll.key(), poll.body());
  }

  private Void keepParked() throws IOException {
    while (lines.size() > measured) {
      for (int i = measured; i < lines.size(); i++) {
        try {
          var unused = lines.get(i).answer();
        } catch (IOException e) {
          renew(i);
        }
        park(i);
      }
    }
    return null;
  }

  /** Servers close connections on which nothing happens. */
  private void renew(int i) throws IOException {
    lines.set(i, new Http1Line(server)).close();
  }

  /** One command after the other; latency is from the request that sends it to its arrival. */
  Load.Outcome send(Duration time, IntFunction<String> path) {
    try (Http1Line control = new Http1Line(server)) {
      return send(control, time, path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Load.Outcome send(Http1Line control, Duration time, IntFunction<String> path) {
    answered = new long[0];
    int[] next = {0};
    long[] latencies = new long[0];
    long failed = 0;
    long end = SystemTime.NANOS.getAsLong() + time.toNanos();
    while (SystemTime.NANOS.getAsLong() < end) {
      int i = next[0]++ % measured;
      try {
        long took = sendOne(control, i, path.apply(i));
        latencies = Arrays.copyOf(latencies, latencies.length + 1);
        latencies[latencies.length - 1] = took;
      } catch (IOException | ExecutionException | TimeoutException e) {
        failed++;
        trouble = e.toString();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    Arrays.sort(latencies);
    return Load.Outcome.of(latencies, failed);
  }

  private long sendOne(Http1Line control, int i, String path)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    renew(i);
    park(i);
    SystemTime.sleep(TO_PARK);
    Http1Line line = lines.get(i);
    Future<Heard> heard =
        threads.submit(
            () -> {
              Line.Answer answer = line.answer();
              return new Heard(SystemTime.NANOS.getAsLong(), answer);
            });
    long start = SystemTime.NANOS.getAsLong();
    Line.Answer taken = control.post(path, BenchServer.ADMIN_TOKEN, PING);
    answered = Arrays.copyOf(answered, answered.length + 1);
    answered[answered.length - 1] = SystemTime.NANOS.getAsLong() - start;
    if (taken.status() >= 300) {
      throw new IOException("a command was answered " + taken.status());
    }
    Heard told = heard.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    finish(i, new String(told.answer().body(), StandardCharsets.UTF_8));
    return told.at() - start;
  }

  private void finish(int i, String answer) throws IOException {
    Matcher command = COMMAND.matcher(answer);
    if (command.find()) {
      String result =
          "{\"bootId\":\"%s\",\"attempt\":%s,\"state\":\"succeeded\",\"reason\":\"done\"}";
      String bootId =
          new String(polls.get(i).body().bytes(), StandardCharsets.UTF_8).split("\"", -1)[3];
      lines
          .get(i)
          .post(
              "/agent/v1/commands/" + command.group(1) + "/result",
              polls.get(i).key(),
              body(result.formatted(bootId, command.group(2))));
    } else if (polls.get(i).path().contains("poll")) {
      throw new IOException("a poll ended without the command");
    }
  }

  /** Until who sent a command was answered, and so until it was durable, in the median. */
  double answeredMillis() {
    long[] sorted = answered.clone();
    Arrays.sort(sorted);
    return Load.Outcome.of(sorted, 0).p50();
  }

  /** What failed last. */
  String trouble() {
    return trouble;
  }

  @Override
  public void close() throws IOException {
    threads.shutdownNow();
    for (Http1Line line : lines) {
      line.close();
    }
  }
}
