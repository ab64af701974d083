package cx.niro.agent.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.spi.KeyStore;
import cx.niro.agent.spi.StoredKeys;
import cx.niro.core.ClusterId;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What every {@link KeyStore} must do; extend it with yours. Needs JUnit and AssertJ. */
public abstract class KeyStoreContract {
  private static final StoredKeys FULL =
      new StoredKeys("request", "token", "now", "before", "next", new ClusterId("c1"));

  /** A store that was never saved to, or one opened again on the same data. */
  protected abstract KeyStore open() throws IOException;

  @Test
  protected void a_store_that_was_never_saved_to_is_empty() throws IOException {
    assertThat(open().load()).isEmpty();
  }

  @Test
  protected void every_part_is_kept() throws IOException {
    KeyStore store = open();
    store.save(FULL);
    assertThat(store.load()).contains(FULL);
  }

  @Test
  protected void saving_replaces_the_whole_record() throws IOException {
    KeyStore store = open();
    store.save(FULL);
    StoredKeys less = new StoredKeys(null, null, "now", null, null, null);
    store.save(less);
    assertThat(store.load()).contains(less);
  }

  @Test
  protected void being_told_twice_that_the_token_is_spent_keeps_the_keys() throws IOException {
    KeyStore store = open();
    store.save(FULL);
    store.tokenSpent();
    store.tokenSpent();
    assertThat(store.load()).contains(FULL);
  }
}
