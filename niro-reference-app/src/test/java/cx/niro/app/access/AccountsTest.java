package cx.niro.app.access;

import static org.assertj.core.api.Assertions.assertThatCode;

import cx.niro.core.SecretHash;
import cx.niro.server.testkit.RealPostgres;
import cx.niro.server.testkit.WithPostgres;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

@WithPostgres
class AccountsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  @Test
  void logins_at_once_succeed_where_transactions_are_serializable() {
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(
        RealPostgres.newDatabaseUrl() + "?options=-c%20default_transaction_isolation=serializable");
    database.setUser("postgres");
    database.setPassword("any");
    Accounts.migrate(database);
    Accounts accounts = new Accounts(database);
    accounts.addFirst(new Accounts.User("u1", "ann@example.com", "", Role.OWNER, NOW, null));
    List<CompletableFuture<Void>> logins = new ArrayList<>();
    for (int thread = 0; thread < 4; thread++) {
      int number = thread;
      logins.add(CompletableFuture.runAsync(() -> logIn(accounts, number)));
    }

    assertThatCode(() -> logins.forEach(CompletableFuture::join)).doesNotThrowAnyException();
  }

  private static void logIn(Accounts accounts, int thread) {
    for (int i = 0; i < 25; i++) {
      accounts.addSession(
          SecretHash.of(thread + "-" + i), "u1", NOW.plusSeconds(i), NOW.plusSeconds(i));
    }
  }
}
