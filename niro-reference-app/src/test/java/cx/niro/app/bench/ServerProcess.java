package cx.niro.app.bench;

import cx.niro.app.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** {@code niro server} in a process of its own, on a port and a data folder that stay the same. */
public final class ServerProcess {
  public static final String ADMIN_TOKEN = "bench-admin-token-0123456789";
  private static final Duration START_LIMIT = Duration.ofSeconds(120);

  private final Path folder;
  private final int port;
  private final List<String> jvm;
  private final List<String> arguments;
  private final PlainClient probe;
  private Duration clockOffset = Duration.ZERO;
  private Process process;

  /** One that starts quickly, with little memory. */
  public ServerProcess(Path folder, List<String> arguments) {
    this(folder, List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx512m"), arguments);
  }

  ServerProcess(Path folder, List<String> jvm, List<String> arguments) {
    this.jvm = List.copyOf(jvm);
    this.folder = folder;
    this.port = freePort();
    this.arguments = List.copyOf(arguments);
    this.probe = new PlainClient(uri());
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Starts the process and returns at once. */
  public void spawn() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    if (clockOffset.isZero()) {
      command.add(Main.class.getName());
    } else {
      command.add("-D" + ShiftedClockMain.OFFSET + "=" + clockOffset);
      command.add(ShiftedClockMain.class.getName());
    }
    command.addAll(List.of("server", "--port", String.valueOf(port)));
    command.addAll(List.of("--data-dir", folder.resolve("data").toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("NIRO_ADMIN_TOKEN", ADMIN_TOKEN);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("server.log").toFile()));
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the server says that it answers everybody. */
  public void awaitReady() {
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (probe.once(PlainClient.Call.get("/readyz", "")).filter(a -> a.ok()).isEmpty()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IllegalStateException("the server did not start; see " + folder);
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  /** What it used of the processors so far. */
  Duration processorTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  long pid() {
    return process.pid();
  }

  /** As {@code kill -9} does; returns when the process is gone. */
  public void kill() {
    if (process != null) {
      process.destroyForcibly();
      process.onExit().join();
    }
  }

  /** From the next start on its clock is ahead of this machine's by so much. */
  void clockOffset(Duration offset) {
    clockOffset = offset;
  }

  /** As {@code kill -STOP} does: it stands still, and its connections stay. */
  void stop() {
    signal(pid(), "STOP");
  }

  void resume() {
    signal(pid(), "CONT");
  }

  /** As {@code kill} does: it may finish what it does; returns when the process is gone. */
  void terminate() {
    process.destroy();
    process.onExit().join();
  }

  static void signal(long pid, String name) {
    try {
      int exit = new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor();
      if (exit != 0) {
        throw new IllegalStateException("kill -" + name + " " + pid + " ended with " + exit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
