package cx.niro.app.cli;

import cx.niro.app.ExitCode;
import cx.niro.app.Printed;
import cx.niro.app.SystemTime;
import cx.niro.app.Terminal;
import cx.niro.app.server.Durations;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** API tokens: makes, lists, revokes them. */
@Command(
    name = "token",
    description = "Makes, lists and revokes API tokens.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      TokenCommand.Create.class,
      TokenCommand.ListAll.class,
      TokenCommand.Revoke.class
    },
    footer = {
      "",
      "Examples:",
      "  niro token create ci --role member --expires 90d",
      "  niro token list",
      "  niro token revoke ci"
    })
public final class TokenCommand implements Runnable {
  private static final String PATH = "/api/v1/tokens";
  private static final List<Column> COLUMNS =
      List.of(
          Column.of("ID", "id"),
          Column.of("NAME", "name"),
          Column.of("ROLE", "role"),
          Column.age("AGE", "createdAt", SystemTime.CLOCK),
          Column.age("LAST-USED", "lastUsedAt", SystemTime.CLOCK),
          Column.of("EXPIRES", "expiresAt"),
          Column.of("CREATED-BY", "createdBy"));

  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command: create, list or revoke?");
  }

  /** Makes one. */
  @Command(name = "create", description = "Makes an API token and prints its secret, this once.")
  static final class Create implements Callable<Integer> {
    @Parameters(index = "0", description = "What it is for.")
    String name = "";

    @Option(
        names = "--role",
        defaultValue = "viewer",
        description = "owner, admin, member or viewer, at most your own; default viewer.")
    String role = "";

    @Option(
        names = "--expires",
        converter = Durations.class,
        paramLabel = "TIME",
        description = "How long it lives, like 12h or 90d; without it until it is revoked.")
    @Nullable Duration lifetime;

    @Option(
        names = {"-o", "--output"},
        description = "json or yaml instead of text.")
    GetCommand.@Nullable Output output;

    @Mixin ServerConnection connection;
    @Spec CommandSpec spec;

    @Override
    public Integer call() {
      Map<String, @Nullable Object> body = new LinkedHashMap<>();
      body.put("name", name);
      body.put("role", role);
      body.put("lifetimeSeconds", lifetime == null ? null : lifetime.toSeconds());
      print(connection.open().post(PATH, body), spec.commandLine().getOut());
      return ExitCode.OK;
    }

    private void print(Document made, PrintWriter out) {
      if (output == GetCommand.Output.JSON) {
        out.println(Printed.json(made.members()));
      } else if (output == GetCommand.Output.YAML) {
        out.print(Printed.yaml(made.members()));
      } else {
        out.println("Token    " + Terminal.clean(made.cell("secret")));
        out.println("Id       " + Terminal.clean(made.cell("token.id")));
        out.println("Role     " + Terminal.clean(made.cell("token.role")));
        out.println("Expires  " + Terminal.clean(made.text("token.expiresAt").orElse("never")));
      }
      out.flush();
    }
  }

  /** Lists them. */
  @Command(name = "list", description = "Lists the API tokens that you may see.")
  static final class ListAll implements Callable<Integer> {
    @Option(
        names = {"-o", "--output"},
        defaultValue = "table",
        description = "${COMPLETION-CANDIDATES}; default table.")
    GetCommand.Output output = GetCommand.Output.TABLE;

    @Mixin ServerConnection connection;
    @Spec CommandSpec spec;

    @Override
    public Integer call() {
      Listing.print(output, COLUMNS, all(connection.open()), spec.commandLine().getOut());
      return ExitCode.OK;
    }
  }

  /** Revokes one. */
  @Command(name = "revoke", description = "Ends an API token at once.")
  static final class Revoke implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "ID", description = "The token's id, or its name.")
    String wanted = "";

    @Option(
        names = "--with-users",
        description = "Removes the users that were added by it, too: for a token that was stolen.")
    boolean withUsers;

    @Mixin ServerConnection connection;
    @Spec CommandSpec spec;

    @Override
    public Integer call() {
      RestClient client = connection.open();
      Document token = Listing.one(all(client), "token", "name", wanted);
      String users = withUsers ? "?users=remove" : "";
      client.delete(PATH + "/" + RestClient.encode(token.cell("id")) + users);
      spec.commandLine().getOut().println("Revoked " + Terminal.clean(token.cell("name")));
      spec.commandLine().getOut().flush();
      return ExitCode.OK;
    }
  }

  private static List<Document> all(RestClient client) {
    return new FleetLists(client).all(PATH, "", Integer.MAX_VALUE);
  }
}
