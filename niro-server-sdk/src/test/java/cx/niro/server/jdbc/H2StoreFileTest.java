package cx.niro.server.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy of the file of an open database is what a {@code kill -9} leaves behind. */
class H2StoreFileTest {
  private static final int COMMITS = 80;

  @TempDir Path folder;

  @Test
  void the_last_commit_is_found_after_every_crash() throws Exception {
    List<Path> crashes = crashes();

    int overlooked = 0;
    for (int i = 0; i < crashes.size(); i++) {
      boolean moved = H2StoreFile.settle(crashes.get(i));
      assertThat(moved && H2StoreFile.settle(crashes.get(i))).as("a second time").isFalse();
      overlooked += lastCommit(crashes.get(i)) == i + 1 ? 0 : 1;
    }

    assertThat(overlooked).isZero();
  }

  /** Once this fails, H2 has been mended and {@link H2StoreFile} can go. */
  @Test
  void without_it_h2_overlooks_some() throws Exception {
    List<Path> crashes = crashes();

    int found = 0;
    while (found < crashes.size() && lastCommit(crashes.get(found)) == found + 1) {
      found++;
    }

    assertThat(found).isLessThan(crashes.size());
  }

  @Test
  void leaves_alone_what_was_closed_and_what_is_open_and_what_is_no_database() throws Exception {
    Path closed = folder.resolve("closed.mv.db");
    connect(closed).close();
    byte[] before = Files.readAllBytes(closed);
    assertThat(H2StoreFile.settle(closed)).isFalse();
    assertThat(closed).hasBinaryContent(before);

    try (Connection open = connect(folder.resolve("open.mv.db"))) {
      assertThat(open.isValid(1)).isTrue();
      assertThat(H2StoreFile.settle(folder.resolve("open.mv.db"))).isFalse();
    }
    Path text = Files.writeString(folder.resolve("text.mv.db"), "chunk:1,\n".repeat(2000));
    assertThat(H2StoreFile.settle(text)).isFalse();
    assertThat(H2StoreFile.settle(folder.resolve("missing.mv.db"))).isFalse();
  }

  /** What each of many commits left on the disk; space is reused as soon as it is free. */
  private List<Path> crashes() throws Exception {
    List<Path> copies = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(5);
    Path file = folder.resolve("living.mv.db");
    try (Connection connection = connect(file)) {
      connection.createStatement().execute("CREATE TABLE t (id INT PRIMARY KEY, n INT, b VARCHAR)");
      connection.createStatement().execute("INSERT INTO t VALUES (0, 0, '')");
      connection.setAutoCommit(false);
      for (int n = 1; n <= COMMITS; n++) {
        change(connection, n, random.nextInt(40_000));
        copies.add(Files.copy(file, folder.resolve("crash-" + n + ".mv.db")));
      }
    }
    return copies;
  }

  private static void change(Connection connection, int n, int length) throws SQLException {
    try (PreparedStatement counter = connection.prepareStatement("UPDATE t SET n = ?");
        PreparedStatement blob =
            connection.prepareStatement("MERGE INTO t (id, n, b) KEY (id) VALUES (?, 0, ?)")) {
      blob.setInt(1, 1 + n % 7);
      blob.setString(2, "x".repeat(length));
      blob.executeUpdate();
      counter.setInt(1, n);
      counter.executeUpdate();
      connection.commit();
    }
  }

  private static Connection connect(Path file) throws SQLException {
    String name = file.toString().replace(".mv.db", "");
    return DriverManager.getConnection(
        "jdbc:h2:file:" + name + ";WRITE_DELAY=0;RETENTION_TIME=0", "sa", "");
  }

  private static int lastCommit(Path file) throws SQLException {
    try (Connection connection = connect(file);
        ResultSet row = connection.createStatement().executeQuery("SELECT n FROM t WHERE id = 0")) {
      row.next();
      return row.getInt(1);
    }
  }
}
