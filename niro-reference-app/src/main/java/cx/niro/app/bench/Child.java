package cx.niro.app.bench;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that is measured. It answers each line with one line, and ends when it is told nothing
 * more; so it cannot outlive this process. For one thread.
 */
final class Child implements AutoCloseable {
  private static final String SAYS = "bench: ";
  private static final int PATIENCE_SECONDS = 30;

  private final Process process;
  private final PrintWriter in;
  private final BufferedReader out;
  private final URI address;

  private Child(Process process) {
    this.process = process;
    this.in = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.address = URI.create(answer());
  }

  /** Starts {@code main} on our class path; returns when it has said where it listens. */
  static Child start(Class<?> main, List<String> javaOptions, List<String> arguments) {
    return start(main.getName(), System.getProperty("java.class.path"), javaOptions, arguments);
  }

  /** The same with a class path of its own. */
  static Child start(
      String main, String classPath, List<String> javaOptions, List<String> arguments) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(javaOptions);
    line.addAll(List.of("-cp", classPath, main));
    line.addAll(arguments);
    try {
      return new Child(
          new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Tells the process that started this one, from inside. */
  static void say(Object text) {
    System.out.println(SAYS + text);
    System.out.flush();
  }

  URI address() {
    return address;
  }

  long pid() {
    return process.pid();
  }

  String ask(String line) {
    in.println(line);
    return answer();
  }

  private String answer() {
    try {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith(SAYS)) {
          return line.substring(SAYS.length());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new CommandException(ExitCode.FAILED, "a measured process ended; its log says why");
  }

  @Override
  public void close() {
    in.close();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
