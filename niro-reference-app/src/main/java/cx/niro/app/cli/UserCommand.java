package cx.niro.app.cli;

import cx.niro.app.ExitCode;
import cx.niro.app.Printed;
import cx.niro.app.SystemTime;
import cx.niro.app.Terminal;
import java.io.PrintWriter;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Users: adds, lists, invites again, removes them. */
@Command(
    name = "user",
    description = "Adds, lists and removes users.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      UserCommand.Add.class,
      UserCommand.ListAll.class,
      UserCommand.Invite.class,
      UserCommand.Remove.class
    })
public final class UserCommand implements Runnable {
  private static final String PATH = "/api/v1/members";
  private static final List<Column> COLUMNS =
      List.of(
          Column.of("EMAIL", "email"),
          Column.of("ROLE", "role"),
          Column.of("STATE", "state"),
          Column.of("ADDED-BY", "addedBy"),
          Column.age("AGE", "createdAt", SystemTime.CLOCK),
          Column.of("ID", "id"));

  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command: add, list, invite or remove?");
  }

  /** What all have. */
  static final class Shared {
    @Mixin ServerConnection connection;

    @Option(
        names = {"-o", "--output"},
        defaultValue = "table",
        description = "${COMPLETION-CANDIDATES}; default table, or text.")
    GetCommand.Output output = GetCommand.Output.TABLE;

    Document find(RestClient client, String wanted) {
      return Listing.one(all(client), "user", "email", wanted);
    }

    void printLink(Document invited, PrintWriter out) {
      switch (output) {
        case JSON -> out.println(Printed.json(invited.members()));
        case YAML -> out.print(Printed.yaml(invited.members()));
        default -> {
          URI server = connection.uri();
          out.println("User     " + Terminal.clean(invited.cell("member.email")));
          out.println("Expires  " + Terminal.clean(invited.cell("invitation.expiresAt")));
          out.println("Link     " + server + Terminal.clean(invited.cell("invitation.path")));
        }
      }
      out.flush();
    }
  }

  /** Adds one. */
  @Command(name = "add", description = "Adds a user and prints the link to choose a password by.")
  static final class Add implements Callable<Integer> {
    @Parameters(index = "0", description = "The e-mail address.")
    String email = "";

    @Option(
        names = "--role",
        defaultValue = "viewer",
        description = "owner, admin, member or viewer, at most your own; default viewer.")
    String role = "";

    @Mixin Shared shared;
    @Spec CommandSpec spec;

    @Override
    public Integer call() {
      Map<String, Object> body = Map.of("email", email, "role", role);
      shared.printLink(shared.connection.open().post(PATH, body), spec.commandLine().getOut());
      return ExitCode.OK;
    }
  }

  /** Lists them. */
  @Command(name = "list", description = "Lists the users.")
  static final class ListAll implements Callable<Integer> {
    @Mixin Shared shared;
    @Spec CommandSpec spec;

    @Override
    public Integer call() {
      List<Document> users = all(shared.connection.open());
      Listing.print(shared.output, COLUMNS, users, spec.commandLine().getOut());
      return ExitCode.OK;
    }
  }

  /** Another link. */
  @Command(
      name = "invite",
      description = "Prints another link to choose a password by; the one before dies.")
  static final class Invite implements Callable<Integer> {
    @Parameters(index = "0", description = "The e-mail address or the id.")
    String wanted = "";

    @Mixin Shared shared;
    @Spec CommandSpec spec;

    @Override
    public Integer call() {
      RestClient client = shared.connection.open();
      String id = RestClient.encode(shared.find(client, wanted).cell("id"));
      Document invited = client.post(PATH + "/" + id + "/invitation", Map.of());
      shared.printLink(invited, spec.commandLine().getOut());
      return ExitCode.OK;
    }
  }

  /** Removes one. */
  @Command(name = "remove", description = "Removes a user, with sessions and API tokens.")
  static final class Remove implements Callable<Integer> {
    @Parameters(index = "0", description = "The e-mail address or the id.")
    String wanted = "";

    @Mixin Shared shared;
    @Spec CommandSpec spec;

    @Override
    public Integer call() {
      RestClient client = shared.connection.open();
      Document user = shared.find(client, wanted);
      client.delete(PATH + "/" + RestClient.encode(user.cell("id")));
      spec.commandLine().getOut().println("Removed " + Terminal.clean(user.cell("email")));
      spec.commandLine().getOut().flush();
      return ExitCode.OK;
    }
  }

  private static List<Document> all(RestClient client) {
    return new FleetLists(client).all(PATH, "", Integer.MAX_VALUE);
  }
}
