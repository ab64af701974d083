package cx.niro.agent.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.agent.KeyStores;
import cx.niro.agent.spi.KeyStore;
import cx.niro.agent.spi.StoredKeys;
import cx.niro.agent.testkit.KeyStoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileKeyStoreTest extends KeyStoreContract {
  private static final StoredKeys KEYS = new StoredKeys("r", "t", "k1", null, null, null);

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("agent/keys");
  }

  @Override
  protected KeyStore open() {
    return KeyStores.file(file());
  }

  @Test
  void the_file_is_for_its_owner_only() throws IOException {
    open().save(KEYS);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void a_file_that_others_may_read_is_refused_with_the_way_to_mend_it() throws IOException {
    open().save(KEYS);
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> open().load())
        .isInstanceOf(IOException.class)
        .hasMessage(file() + " is open to others; run: chmod 600 " + file());
  }

  @Test
  void a_crash_while_the_new_file_is_written_leaves_the_old_one() throws IOException {
    open().save(KEYS);
    Files.writeString(file().resolveSibling("keys123.new"), "requestId=half");
    assertThat(open().load()).contains(KEYS);
  }

  @Test
  void a_torn_file_is_said_to_be_torn() throws IOException {
    open().save(KEYS);
    String whole = Files.readString(file());
    for (int cut : List.of(0, 10, whole.length() / 2, whole.length() - 3)) {
      Files.writeString(file(), whole.substring(0, cut));
      assertThatThrownBy(() -> open().load())
          .isInstanceOf(IOException.class)
          .hasMessage(file() + " is incomplete; enroll again with a new token, or restore it");
    }
  }

  @Test
  void a_failed_save_leaves_no_rest_behind() throws IOException {
    open().save(KEYS);
    try (Stream<Path> left = Files.list(file().getParent())) {
      assertThat(left).containsExactly(file());
    }
  }
}
