package cx.niro.app.cli;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.Terminal;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the log of a pod. */
@Command(
    name = "logs",
    description = "Prints the log of a pod, live; nothing of it is stored by the server.",
    footer = {
      "",
      "Lines go to standard output, control characters in them as \\xNN; what the stream has to say",
      "of itself (lines dropped, a gap) goes to standard error.",
      "",
      "Examples:",
      "  niro logs web-0 --cluster lab-k3s -n shop -f --tail 100",
      "  niro logs web-0 --cluster lab-k3s -n shop -c nginx --previous"
    })
public final class LogsCommand implements Callable<Integer> {
  private static final Pattern SPAN = Pattern.compile("(\\d{1,9})([smhd]?)");
  private static final Map<String, Integer> SECONDS =
      Map.of("", 1, "s", 1, "m", 60, "h", 3600, "d", 86400);

  @Parameters(index = "0", paramLabel = "POD", description = "The pod's name.")
  String pod = "";

  @Option(
      names = "--cluster",
      required = true,
      paramLabel = "NAME",
      description = "Its cluster, by name or id.")
  String cluster = "";

  @Option(
      names = {"-n", "--namespace"},
      defaultValue = "default",
      description = "Its namespace; default 'default'.")
  String namespace = "";

  @Option(
      names = {"-c", "--container"},
      description = "Which container; needed when the pod has more than one.")
  @Nullable String container;

  @Option(
      names = {"-f", "--follow"},
      description = "Goes on with new lines as they are written.")
  boolean follow;

  @Option(
      names = "--tail",
      paramLabel = "LINES",
      description = "Begins with so many of the last lines; all without it.")
  @Nullable Integer tail;

  @Option(
      names = {"-p", "--previous"},
      description = "The log of the container's previous run.")
  boolean previous;

  @Option(
      names = "--since",
      paramLabel = "SPAN",
      description = "No lines older than this: 30s, 10m, 2h, 1d.")
  @Nullable String since;

  @Mixin ServerConnection connection;
  @Spec CommandSpec spec;

  private @Nullable Document end;

  @Override
  public Integer call() {
    String query = query();
    RestClient client = connection.open();
    String id = new FleetLists(client).cluster(cluster).cell("id");
    String path =
        "/api/v1/clusters/%s/pods/%s/%s/log"
            .formatted(RestClient.encode(id), RestClient.encode(namespace), RestClient.encode(pod));
    client.events(path + query, this::show);
    Document last = end;
    if (last == null) {
      throw new CommandException(ExitCode.UNREACHABLE, "the server ended the stream");
    }
    if (!last.cell("code").equals("finished")) {
      throw new CommandException(
          ExitCode.FAILED,
          "the stream ended: " + last.cell("reason") + " (" + last.cell("code") + ")");
    }
    return ExitCode.OK;
  }

  private String query() {
    List<String> parts = new ArrayList<>();
    if (container != null) {
      parts.add("container=" + RestClient.encode(container));
    }
    if (follow) {
      parts.add("follow=true");
    }
    if (tail != null) {
      parts.add("tail=" + tail);
    }
    if (previous) {
      parts.add("previous=true");
    }
    if (since != null) {
      parts.add("since=" + seconds(since));
    }
    return parts.isEmpty() ? "" : "?" + String.join("&", parts);
  }

  private static long seconds(String span) {
    Matcher parts = SPAN.matcher(span);
    if (!parts.matches()) {
      throw new CommandException(
          ExitCode.USAGE, "--since must be like 30s, 10m, 2h or 1d, but is '" + span + "'");
    }
    return Long.parseLong(parts.group(1)) * SECONDS.getOrDefault(parts.group(2), 1);
  }

  private void show(String event, Document data) {
    PrintWriter out = spec.commandLine().getOut();
    switch (event) {
      case "lines" -> data.texts("lines").forEach(line -> out.println(Terminal.escape(line)));
      case "dropped" -> remark(data.cell("count") + " lines were dropped here");
      case "gap" ->
          remark(
              "nothing was heard for "
                  + data.cell("seconds")
                  + " s; lines may be missing here or there twice");
      case "end" -> end = data;
      default -> {
        // An event of a newer server.
      }
    }
    out.flush();
    if (out.checkError()) {
      throw new CommandException(ExitCode.FAILED, "the lines cannot be printed");
    }
  }

  private void remark(String text) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("niro: " + Terminal.clean(text));
    err.flush();
  }
}
