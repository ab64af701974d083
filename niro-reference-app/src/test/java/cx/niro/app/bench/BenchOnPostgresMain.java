package cx.niro.app.bench;

import cx.niro.app.Main;
import cx.niro.server.testkit.RealPostgres;
import java.util.List;
import java.util.stream.Stream;

/** {@code BenchOnPostgresMain …}: {@code niro bench …} with a PostgreSQL that ends with it. */
public final class BenchOnPostgresMain {
  private BenchOnPostgresMain() {}

  public static void main(String[] args) {
    String url = RealPostgres.newDatabaseUrl();
    List<String> database = List.of("--database-url", url, "--database-user", "postgres");
    String[] line =
        Stream.of(List.of("bench"), List.of(args), database)
            .flatMap(List::stream)
            .toArray(String[]::new);
    System.exit(Main.commandLine().execute(line));
  }
}
