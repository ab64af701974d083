package cx.niro.server.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.AuditId;
import cx.niro.core.OrganizationId;
import cx.niro.server.spi.AuditFilter;
import cx.niro.server.spi.AuditRow;
import cx.niro.server.spi.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@link cx.niro.server.spi.AuditStore}. */
abstract class AuditStoreContract extends StoresUnderTest {
  private static final OrganizationId ACME = new OrganizationId("acme");

  static AuditRow row(String id, long second, String actor, String object) {
    return new AuditRow(
        new AuditId(id),
        ACME,
        StoreRows.T0.plusSeconds(second),
        actor,
        "owner",
        null,
        "PATCH /clusters/{cluster}",
        object,
        null);
  }

  private void append(AuditRow row) {
    write(tx -> tx.audit().append(row));
  }

  private List<AuditRow> list(AuditFilter filter) {
    return page(filter, null).items();
  }

  private Page<AuditRow> page(AuditFilter filter, @Nullable String cursor) {
    return read(tx -> tx.audit().list(Set.of(ACME), filter, new Page.Request(cursor, 10)));
  }

  @Test
  void is_read_newest_first_with_the_outcomes_that_are_known() {
    AuditRow first = row("a", 1, "ada", "/clusters/c-1");
    AuditRow second = row("b", 2, "ben", "/clusters");
    append(first);
    append(second);
    write(tx -> tx.audit().end(second.id(), "done", "/clusters/c-2"));
    write(tx -> tx.audit().end(new AuditId("missing"), "done", "/x"));
    assertThat(list(AuditFilter.ALL)).containsExactly(second.ended("done", "/clusters/c-2"), first);
  }

  @Test
  void is_for_its_organization_only() {
    append(row("a", 1, "ada", "/clusters/c-1"));
    Set<OrganizationId> other = Set.of(new OrganizationId("globex"));
    assertThat(read(tx -> tx.audit().list(other, AuditFilter.ALL, Page.Request.FIRST)).items())
        .isEmpty();
    assertThat(read(tx -> tx.audit().list(Set.of(), AuditFilter.ALL, Page.Request.FIRST)).items())
        .isEmpty();
  }

  @Test
  void is_filtered_by_actor_and_by_how_the_object_begins() {
    append(row("a", 1, "ada", "/clusters/c-1/policy"));
    append(row("b", 2, "ada", "/clusters/c_1"));
    append(row("c", 3, "ben", "/clusters/c-1"));
    assertThat(list(new AuditFilter("ada", null))).hasSize(2);
    assertThat(list(new AuditFilter(null, "/clusters/c-1"))).hasSize(2);
    assertThat(list(new AuditFilter("ada", "/clusters/c_"))).hasSize(1);
    assertThat(list(new AuditFilter(null, "/clusters/%"))).isEmpty();
  }

  @Test
  void is_read_in_pages_that_stay_stable_while_entries_arrive() {
    for (int i = 0; i < 25; i++) {
      append(row("r" + i, i, "ada", "/x"));
    }
    List<String> ids = new ArrayList<>();
    Page<AuditRow> page = page(AuditFilter.ALL, null);
    page.items().forEach(entry -> ids.add(entry.id().value()));
    append(row("late", 99, "ada", "/x"));
    while (page.nextCursor() != null) {
      page = page(AuditFilter.ALL, page.nextCursor());
      page.items().forEach(entry -> ids.add(entry.id().value()));
    }
    assertThat(ids).hasSize(25).startsWith("r24").endsWith("r0").doesNotHaveDuplicates();
  }

  @Test
  void outlives_the_clusters_that_it_tells_of_and_is_forgotten_in_pieces() {
    for (int i = 0; i < 5; i++) {
      append(row("r" + i, i, "ada", "/clusters/edge"));
    }
    write(tx -> tx.clusters().delete(EDGE));
    assertThat(list(AuditFilter.ALL)).hasSize(5);
    assertThat(stores.retention().deleteAuditBefore(StoreRows.T0.plusSeconds(3), 2)).isEqualTo(2);
    assertThat(stores.retention().deleteAuditBefore(StoreRows.T0.plusSeconds(3), 2)).isOne();
    assertThat(list(AuditFilter.ALL)).hasSize(2);
  }
}
