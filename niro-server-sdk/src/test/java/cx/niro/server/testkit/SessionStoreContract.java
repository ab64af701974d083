package cx.niro.server.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.BootId;
import cx.niro.core.ClusterId;
import cx.niro.server.spi.SessionRow;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** {@link cx.niro.server.spi.SessionStore}. */
abstract class SessionStoreContract extends StoresUnderTest {
  private boolean save(SessionRow row) {
    return stores.inTransaction(tx -> tx.sessions().save(row));
  }

  private SessionRow stored() {
    return found(tx -> tx.sessions().find(EDGE)).orElseThrow();
  }

  @Test
  void are_found_as_they_were_saved() {
    assertThat(found(tx -> tx.sessions().find(EDGE))).isEmpty();
    SessionRow row = StoreRows.session(EDGE, 1, 1, 1);
    assertThat(save(row)).isTrue();
    assertThat(stored()).isEqualTo(row);
  }

  @Test
  void may_have_no_process_yet() {
    SessionRow row = new SessionRow(EDGE, null, 0, 0, null, null, null, "", null, 1);
    assertThat(save(row)).isTrue();
    assertThat(stored()).isEqualTo(row);
  }

  @Test
  void keep_a_detection_state_of_100_kB() {
    String state = "ä".repeat(50_000);
    SessionRow row =
        StoreRows.session(EDGE, 1, 1, 1).afterDetection(state, StoreRows.T0.plusSeconds(9));
    assertThat(save(row)).isTrue();
    assertThat(stored().detectionState()).isEqualTo(state);
  }

  @Test
  void are_written_only_as_the_next_version() {
    assertThat(save(StoreRows.session(EDGE, 1, 1, 2))).isFalse();
    assertThat(save(StoreRows.session(EDGE, 1, 1, 1))).isTrue();
    assertThat(save(StoreRows.session(EDGE, 1, 2, 1))).isFalse();
    assertThat(save(StoreRows.session(EDGE, 1, 2, 3))).isFalse();
    assertThat(save(StoreRows.session(EDGE, 1, 2, 2))).isTrue();
    assertThat(stored()).isEqualTo(StoreRows.session(EDGE, 1, 2, 2));
  }

  @Test
  void never_go_back_to_an_older_beat() {
    save(StoreRows.session(EDGE, 2, 5, 1));
    assertThat(save(StoreRows.session(EDGE, 2, 4, 2))).isFalse();
    assertThat(save(StoreRows.session(EDGE, 1, 9, 2))).isFalse();
    assertThat(stored().sequence()).isEqualTo(5);
    assertThat(save(StoreRows.session(EDGE, 2, 5, 2))).isTrue();
    assertThat(save(StoreRows.session(EDGE, 3, 1, 3))).isTrue();
  }

  @Test
  void of_one_version_are_saved_once_however_many_try() {
    save(StoreRows.session(EDGE, 1, 1, 1));
    List<Boolean> saved = concurrently(30, i -> save(StoreRows.session(EDGE, 1, 2 + i, 2)));
    assertThat(wins(saved)).isEqualTo(1);
    assertThat(stored().sequence()).isEqualTo(2 + saved.indexOf(true));
  }

  @Test
  void of_the_first_version_are_saved_once_however_many_try() {
    List<Boolean> saved = concurrently(30, i -> save(StoreRows.session(EDGE, 1, 1 + i, 1)));
    assertThat(wins(saved)).isEqualTo(1);
  }

  @Test
  void remember_the_generation_of_each_process_and_the_newest_100() {
    for (int i = 1; i <= 120; i++) {
      save(StoreRows.session(EDGE, i, 1, i));
    }
    assertThat(generation("boot-1")).isEmpty();
    assertThat(generation("boot-21")).hasValue(21);
    assertThat(generation("boot-120")).hasValue(120);
    assertThat(generation("never")).isEmpty();
    assertThat(generation(GONE, "boot-120")).isEmpty();
  }

  private OptionalLong generation(String boot) {
    return generation(EDGE, boot);
  }

  private OptionalLong generation(ClusterId cluster, String boot) {
    return stores.inTransaction(tx -> tx.sessions().generation(cluster, new BootId(boot)));
  }

  @Test
  void remember_nothing_of_what_was_refused() {
    save(StoreRows.session(EDGE, 2, 1, 1));
    save(StoreRows.session(EDGE, 3, 1, 7));
    assertThat(generation("boot-3")).isEmpty();
  }
}
