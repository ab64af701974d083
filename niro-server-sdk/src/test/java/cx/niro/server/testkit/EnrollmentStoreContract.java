package cx.niro.server.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.server.spi.TokenRow;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@link cx.niro.server.spi.EnrollmentStore}. */
abstract class EnrollmentStoreContract extends StoresUnderTest {
  private static final TokenRow TOKEN = StoreRows.token(EDGE, "token-1");

  @Test
  void are_found_by_their_public_part_and_by_their_cluster() {
    write(tx -> tx.enrollments().put(TOKEN));
    assertThat(found(tx -> tx.enrollments().findByKeyId("token-1"))).contains(TOKEN);
    assertThat(found(tx -> tx.enrollments().find(EDGE))).contains(TOKEN);
    assertThat(found(tx -> tx.enrollments().findByKeyId("token-2"))).isEmpty();
  }

  @Test
  void are_one_for_each_cluster_and_a_new_one_makes_the_old_one_unknown() {
    TokenRow second = StoreRows.token(EDGE, "token-2");
    write(tx -> tx.enrollments().put(TOKEN));
    write(tx -> tx.enrollments().put(second));
    assertThat(found(tx -> tx.enrollments().findByKeyId("token-1"))).isEmpty();
    assertThat(found(tx -> tx.enrollments().find(EDGE))).contains(second);
  }

  @Test
  void remember_who_used_them() {
    write(tx -> tx.enrollments().put(TOKEN));
    write(tx -> tx.enrollments().use("token-1", StoreRows.REQUEST, "uid", StoreRows.T0));
    TokenRow used = found(tx -> tx.enrollments().find(EDGE)).orElseThrow();
    assertThat(used.usedAt()).isEqualTo(StoreRows.T0);
    assertThat(used.requestIdHash()).isEqualTo(StoreRows.REQUEST);
    assertThat(used.usedByUid()).isEqualTo("uid");
    assertThat(used.hash()).isEqualTo(TOKEN.hash());
    assertThat(used.takeOver()).isTrue();
  }

  @Test
  void may_be_used_without_a_uid() {
    write(tx -> tx.enrollments().put(TOKEN));
    write(tx -> tx.enrollments().use("token-1", StoreRows.REQUEST, null, StoreRows.T0));
    assertThat(found(tx -> tx.enrollments().find(EDGE)).orElseThrow().usedByUid()).isNull();
  }

  @Test
  void are_used_by_exactly_one_of_50_threads() {
    write(tx -> tx.enrollments().put(TOKEN));
    List<Boolean> used =
        concurrently(
            50,
            i ->
                stores.inTransaction(
                    tx ->
                        tx.enrollments()
                            .use("token-1", StoreRows.REQUEST, "uid-" + i, StoreRows.T0)));
    assertThat(wins(used)).isEqualTo(1);
    assertThat(found(tx -> tx.enrollments().find(EDGE)).orElseThrow().usedByUid())
        .isEqualTo("uid-" + used.indexOf(true));
  }

  @Test
  void that_are_unknown_cannot_be_used() {
    assertThat(did(tx -> tx.enrollments().use("nobody", StoreRows.REQUEST, null, StoreRows.T0)))
        .isFalse();
  }
}
