package cx.niro.server.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ClusterId;
import cx.niro.server.spi.KeyRow;
import cx.niro.server.spi.KeyRow.State;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link cx.niro.server.spi.AgentKeyStore}. */
abstract class AgentKeyStoreContract extends StoresUnderTest {
  private static final Instant LATER = StoreRows.T0.plusSeconds(60);
  private static final ClusterId OTHER = new ClusterId("other");

  @BeforeEach
  void threeCandidates() {
    write(
        tx -> {
          tx.clusters().insert(StoreRows.cluster("other"));
          for (String id : List.of("a", "b", "c")) {
            tx.keys().insert(StoreRows.key(EDGE, id));
          }
          tx.keys().insert(StoreRows.key(OTHER, "foreign"));
        });
  }

  private State state(String keyId) {
    return found(tx -> tx.keys().findByKeyId(keyId)).orElseThrow().state();
  }

  private List<String> live() {
    return listed(tx -> tx.keys().live(EDGE)).stream().map(KeyRow::keyId).sorted().toList();
  }

  @Test
  void are_found_as_they_were_inserted() {
    assertThat(found(tx -> tx.keys().findByKeyId("a"))).contains(StoreRows.key(EDGE, "a"));
    assertThat(found(tx -> tx.keys().findByKeyId("nobody"))).isEmpty();
    assertThat(live()).containsExactly("a", "b", "c");
  }

  @Test
  void become_current_and_revoke_the_others_of_their_cluster_only() {
    assertThat(did(tx -> tx.keys().makeCurrent("b", LATER))).isTrue();
    assertThat(state("b")).isEqualTo(State.CURRENT);
    assertThat(state("a")).isEqualTo(State.REVOKED);
    assertThat(state("c")).isEqualTo(State.REVOKED);
    assertThat(state("foreign")).isEqualTo(State.CANDIDATE);
    assertThat(live()).containsExactly("b");
    assertThat(found(tx -> tx.keys().findByKeyId("b")).orElseThrow().changedAt()).isEqualTo(LATER);
  }

  @Test
  void become_current_only_from_candidate() {
    write(tx -> tx.keys().makeCurrent("b", LATER));
    assertThat(did(tx -> tx.keys().makeCurrent("b", LATER))).isFalse();
    assertThat(did(tx -> tx.keys().makeCurrent("a", LATER))).isFalse();
    assertThat(did(tx -> tx.keys().makeCurrent("nobody", LATER))).isFalse();
    assertThat(live()).containsExactly("b");
  }

  @Test
  void of_one_exchange_become_current_once_however_many_are_used_together() {
    List<String> ids = List.of("a", "b", "c");
    List<Boolean> done =
        concurrently(
            30, i -> stores.inTransaction(tx -> tx.keys().makeCurrent(ids.get(i % 3), LATER)));
    assertThat(wins(done)).isEqualTo(1);
    assertThat(live()).hasSize(1);
    assertThat(state(live().get(0))).isEqualTo(State.CURRENT);
  }

  @Test
  void are_replaced_by_a_candidate_of_a_rotation() {
    write(tx -> tx.keys().makeCurrent("a", LATER));
    write(tx -> tx.keys().insert(StoreRows.key(EDGE, "next")));
    assertThat(live()).containsExactly("a", "next");
    write(tx -> tx.keys().makeCurrent("next", LATER.plusSeconds(1)));
    assertThat(live()).containsExactly("next");
    assertThat(state("a")).isEqualTo(State.REVOKED);
  }

  @Test
  void that_are_candidates_from_before_a_moment_are_revoked_alone() {
    write(tx -> tx.keys().makeCurrent("a", LATER));
    write(tx -> tx.keys().insert(StoreRows.key(EDGE, "next")));
    Instant made = StoreRows.key(EDGE, "next").createdAt();
    write(tx -> tx.keys().revokeCandidates(EDGE, made, LATER));
    assertThat(live()).containsExactly("a", "next");
    write(tx -> tx.keys().revokeCandidates(EDGE, made.plusMillis(1), LATER.plusSeconds(5)));
    assertThat(live()).containsExactly("a");
    assertThat(state("next")).isEqualTo(State.REVOKED);
    assertThat(state("foreign")).isEqualTo(State.CANDIDATE);
    assertThat(listed(tx -> tx.keys().revokedSince(LATER.plusSeconds(5)))).containsExactly("next");
  }

  @Test
  void that_were_revoked_are_listed_from_the_moment_on_that_is_asked_for() {
    write(tx -> tx.keys().makeCurrent("a", LATER));
    write(tx -> tx.keys().revokeAll(EDGE, LATER.plusSeconds(10)));
    assertThat(listed(tx -> tx.keys().revokedSince(LATER)))
        .containsExactlyInAnyOrder("a", "b", "c");
    assertThat(listed(tx -> tx.keys().revokedSince(LATER.plusMillis(1)))).containsExactly("a");
    assertThat(listed(tx -> tx.keys().revokedSince(LATER.plusSeconds(11)))).isEmpty();
  }

  @Test
  void outlive_their_cluster() {
    write(tx -> tx.keys().revokeAll(EDGE, LATER));
    write(tx -> tx.clusters().delete(EDGE));
    assertThat(state("a")).isEqualTo(State.REVOKED);
  }
}
