package cx.niro.server.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.server.spi.Page;
import cx.niro.server.spi.TimelineEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** {@link cx.niro.server.spi.TimelineStore}. */
abstract class TimelineStoreContract extends StoresUnderTest {
  private void append(long second, String kind) {
    write(tx -> tx.timeline().append(StoreRows.entry(EDGE, second, kind)));
  }

  private List<TimelineEntry> all(String... kinds) {
    return read(tx -> tx.timeline().list(EDGE, Set.of(kinds), Page.Request.FIRST)).items();
  }

  @Test
  void is_read_newest_first_as_it_was_written() {
    append(1, "a");
    append(2, "b");
    assertThat(all()).containsExactly(StoreRows.entry(EDGE, 2, "b"), StoreRows.entry(EDGE, 1, "a"));
    assertThat(read(tx -> tx.timeline().list(GONE, Set.of(), Page.Request.FIRST)).items())
        .isEmpty();
  }

  @Test
  void keeps_entries_of_one_instant_in_the_order_of_their_arrival() {
    for (int i = 0; i < 10; i++) {
      append(5, "kind" + i);
    }
    assertThat(all().stream().map(TimelineEntry::kind)).startsWith("kind9").endsWith("kind0");
  }

  @Test
  void is_filtered_by_kind() {
    append(1, "a");
    append(2, "b");
    append(3, "c");
    assertThat(all("a", "c").stream().map(TimelineEntry::kind)).containsExactly("c", "a");
  }

  @Test
  void is_read_in_pages_that_stay_stable_while_entries_arrive() {
    for (int i = 0; i < 25; i++) {
      append(i / 3, "k" + i);
    }
    List<String> kinds = new ArrayList<>();
    Page<TimelineEntry> page = page(null);
    page.items().forEach(entry -> kinds.add(entry.kind()));
    append(99, "late");
    while (page.nextCursor() != null) {
      page = page(page.nextCursor());
      page.items().forEach(entry -> kinds.add(entry.kind()));
    }
    assertThat(kinds).hasSize(25).startsWith("k24").endsWith("k0").doesNotHaveDuplicates();
  }

  private Page<TimelineEntry> page(@org.jspecify.annotations.Nullable String cursor) {
    return read(tx -> tx.timeline().list(EDGE, Set.of(), new Page.Request(cursor, 10)));
  }
}
