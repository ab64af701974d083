package cx.niro.server.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ClusterId;
import cx.niro.core.Severity;
import cx.niro.core.policy.Exemption;
import cx.niro.core.policy.PolicyProfile;
import cx.niro.server.spi.FindingFilter;
import cx.niro.server.spi.FindingRow;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.PolicySettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link cx.niro.server.spi.FindingStore}. */
abstract class FindingStoreContract extends StoresUnderTest {
  private static final ClusterId OTHER = new ClusterId("other");
  private static final FindingRow HIGH =
      StoreRows.finding(EDGE, "privileged-container", "shop", Severity.HIGH, 0);
  private static final FindingRow LOW =
      StoreRows.finding(EDGE, "mutable-tag", "shop", Severity.LOW, 10);
  private static final FindingRow NEW =
      StoreRows.finding(EDGE, "single-replica", "größe", Severity.LOW, 20);
  private static final FindingRow FOREIGN =
      StoreRows.finding(OTHER, "mutable-tag", "shop", Severity.HIGH, 30);
  private static final FindingRow EXEMPT = exempt(NEW, "one is enough – 😀");

  private static FindingRow exempt(FindingRow row, String reason) {
    return new FindingRow(row.cluster(), row.fingerprint(), row.finding(), row.since(), reason);
  }

  @BeforeEach
  void another() {
    write(tx -> tx.clusters().insert(StoreRows.cluster("other")));
  }

  private void put(FindingRow... rows) {
    write(tx -> tx.findings().put(List.of(rows)));
  }

  private List<FindingRow> list(FindingFilter filter, ClusterId... clusters) {
    return read(tx -> tx.findings().list(Set.of(clusters), filter, Page.Request.FIRST)).items();
  }

  @Test
  void are_there_as_they_were_put_and_once_each() {
    put(HIGH, LOW);
    put(LOW, NEW);
    assertThat(listed(tx -> tx.findings().of(EDGE))).containsExactlyInAnyOrder(HIGH, LOW, NEW);
    assertThat(listed(tx -> tx.findings().of(OTHER))).isEmpty();
  }

  @Test
  void are_replaced_in_place() {
    put(NEW, LOW);
    put(EXEMPT);
    assertThat(listed(tx -> tx.findings().of(EDGE))).containsExactlyInAnyOrder(EXEMPT, LOW);
  }

  @Test
  void the_last_of_a_fingerprint_counts_when_one_is_put_twice_at_once() {
    put(NEW, LOW, EXEMPT, HIGH);
    assertThat(listed(tx -> tx.findings().of(EDGE))).containsExactlyInAnyOrder(EXEMPT, LOW, HIGH);
  }

  @Test
  void are_removed_by_fingerprint_within_their_cluster() {
    put(HIGH, LOW, FOREIGN);
    write(tx -> tx.findings().remove(OTHER, List.of(HIGH.fingerprint())));
    write(tx -> tx.findings().remove(EDGE, List.of(LOW.fingerprint(), NEW.fingerprint())));
    write(tx -> tx.findings().remove(EDGE, List.of()));
    assertThat(list(FindingFilter.ALL, EDGE, OTHER)).containsExactly(FOREIGN, HIGH);
  }

  @Test
  void are_listed_open_ones_first_then_the_worst_then_the_newest() {
    put(EXEMPT, LOW, HIGH, FOREIGN);
    FindingRow newer = StoreRows.finding(EDGE, "bare-pod", "shop", Severity.LOW, 15);
    put(newer);
    assertThat(list(FindingFilter.ALL, EDGE)).containsExactly(HIGH, newer, LOW, EXEMPT);
    assertThat(list(FindingFilter.ALL)).isEmpty();
  }

  @Test
  void are_filtered_by_rule_severity_namespace_and_exemption() {
    put(EXEMPT, LOW, HIGH, FOREIGN);
    Set<String> any = Set.of();
    assertThat(list(new FindingFilter(Set.of("mutable-tag"), Set.of(), any, null), EDGE, OTHER))
        .containsExactly(FOREIGN, LOW);
    assertThat(list(new FindingFilter(any, Set.of(Severity.LOW), any, null), EDGE))
        .containsExactly(LOW, EXEMPT);
    assertThat(list(new FindingFilter(any, Set.of(), Set.of("größe"), null), EDGE))
        .containsExactly(EXEMPT);
    assertThat(list(new FindingFilter(any, Set.of(), any, true), EDGE)).containsExactly(EXEMPT);
    assertThat(list(new FindingFilter(any, Set.of(), any, false), EDGE)).containsExactly(HIGH, LOW);
  }

  @Test
  void are_listed_in_pages() {
    for (int i = 0; i < 25; i++) {
      put(
          StoreRows.finding(
              EDGE, "rule-" + i, "shop", i % 2 == 0 ? Severity.LOW : Severity.HIGH, i / 5));
    }
    List<FindingRow> all = new ArrayList<>();
    Page.Request next = new Page.Request(null, 10);
    while (next != null) {
      Page.Request request = next;
      Page<FindingRow> page =
          read(tx -> tx.findings().list(Set.of(EDGE), FindingFilter.ALL, request));
      all.addAll(page.items());
      next = page.nextCursor() == null ? null : new Page.Request(page.nextCursor(), 10);
    }
    assertThat(all).hasSize(25).doesNotHaveDuplicates();
    assertThat(all.subList(0, 12)).allMatch(row -> row.finding().severity() == Severity.HIGH);
  }

  /** Far more clusters than any store asks for one by one. */
  @Test
  void of_a_large_fleet_are_listed_without_those_of_others() {
    put(HIGH, FOREIGN, LOW, EXEMPT);
    Set<ClusterId> fleet = new HashSet<>(Set.of(EDGE));
    for (int i = 0; i < 300; i++) {
      fleet.add(new ClusterId("quiet-" + i));
    }
    ClusterId[] clusters = fleet.toArray(new ClusterId[0]);
    Set<String> any = Set.of();
    assertThat(list(FindingFilter.ALL, clusters)).containsExactly(HIGH, LOW, EXEMPT);
    assertThat(list(new FindingFilter(any, Set.of(), any, true), clusters)).containsExactly(EXEMPT);
    assertThat(list(new FindingFilter(any, Set.of(), any, false), clusters))
        .containsExactly(HIGH, LOW);
  }

  @Test
  void are_counted_by_severity_without_exempt_ones() {
    put(HIGH, LOW, EXEMPT, FOREIGN);
    assertThat(counts(EDGE)).isEqualTo(Map.of(Severity.HIGH, 1, Severity.LOW, 1));
    assertThat(counts(GONE)).isEmpty();
  }

  private Map<Severity, Integer> counts(ClusterId cluster) {
    return read(tx -> tx.findings().openCounts(cluster));
  }

  @Test
  void go_with_their_cluster_and_none_come_for_one_that_is_gone() {
    put(HIGH, FOREIGN);
    write(tx -> tx.findings().save(EDGE, PolicySettings.DEFAULT));
    write(tx -> tx.clusters().delete(EDGE));
    put(LOW);
    write(tx -> tx.findings().save(EDGE, PolicySettings.DEFAULT));
    assertThat(list(FindingFilter.ALL, EDGE, OTHER)).containsExactly(FOREIGN);
    assertThat(found(tx -> tx.findings().settings(EDGE))).isEmpty();
  }

  @Test
  void go_by_what_people_said_last() {
    PolicySettings said =
        new PolicySettings(
            PolicyProfile.RESTRICTED,
            Map.of("shop", PolicyProfile.OFF, "größe", PolicyProfile.BASELINE),
            List.of(
                new PolicySettings.Given(
                    Exemption.workload("shop", "gpu-*", "needs the device – 😀")
                        .from("privileged-container", "bare-pod"),
                    "ada",
                    StoreRows.T0),
                new PolicySettings.Given(
                    Exemption.label("legacy", "goes away"), "bob", StoreRows.T0)));
    assertThat(found(tx -> tx.findings().settings(EDGE))).isEmpty();
    write(tx -> tx.findings().save(EDGE, PolicySettings.DEFAULT));
    write(tx -> tx.findings().save(EDGE, said));
    assertThat(found(tx -> tx.findings().settings(EDGE))).contains(said);
    assertThat(found(tx -> tx.findings().settings(OTHER))).isEmpty();
  }
}
