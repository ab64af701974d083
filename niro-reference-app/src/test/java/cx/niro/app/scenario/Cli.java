package cx.niro.app.scenario;

import cx.niro.app.Json;
import cx.niro.app.Main;
import cx.niro.app.cli.ApplyFlags;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** Runs {@code niro …} in this process against one server. */
final class Cli {
  /** What a command left behind. */
  record Ran(int exitCode, String out, String err) {
    Object json() {
      return Json.parse(out);
    }

    /** The member there of the JSON object that was printed. */
    String text(String path) {
      Object value = json();
      for (String name : path.split("\\.")) {
        value = ((Map<?, ?>) value).get(name);
      }
      return String.valueOf(value);
    }
  }

  private final URI server;
  private final String token;
  private final List<String> questions = new ArrayList<>();
  private String answer;
  private Runnable meanwhile = () -> {};

  Cli(URI server, String token) {
    this.server = server;
    this.token = token;
  }

  /** From now on somebody is at the terminal, who always says this. */
  void answers(String text) {
    answer = text;
  }

  /** The same, and this happens before each answer. */
  void answersAfter(Runnable what, String text) {
    meanwhile = what;
    answer = text;
  }

  /** What somebody at the terminal was asked. */
  List<String> questions() {
    return List.copyOf(questions);
  }

  private <T> T made(Class<T> type) throws Exception {
    return type == ApplyFlags.class
        ? type.cast(
            new ApplyFlags(
                question -> {
                  questions.add(question);
                  meanwhile.run();
                  return answer;
                }))
        : CommandLine.defaultFactory().create(type);
  }

  Ran run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--server", server.toString(), "--api-token", token));
    return executed(Main.commandLine(this::made), all.toArray(new String[0]));
  }

  /** A command that asks no server. */
  static Ran local(String... arguments) {
    return executed(Main.commandLine(), arguments);
  }

  private static Ran executed(CommandLine line, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    int exitCode = line.execute(arguments);
    return new Ran(exitCode, out.toString(), err.toString());
  }
}
