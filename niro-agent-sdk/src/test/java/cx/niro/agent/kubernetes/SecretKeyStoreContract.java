package cx.niro.agent.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.agent.spi.StoredKeys;
import cx.niro.core.ClusterId;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the Secret promises as a key store, on any API server. */
abstract class SecretKeyStoreContract {
  private static final StoredKeys KEYS =
      new StoredKeys("request-1", "token-1", "key-1", null, "key-2", new ClusterId("c1"));

  TestCluster cluster;
  SecretKeyStore store;

  abstract TestCluster open() throws Exception;

  @BeforeEach
  void start() throws Exception {
    cluster = open();
    store = another();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private SecretKeyStore another() throws IOException {
    return SecretKeyStore.of(cluster.client(), cluster.namespace());
  }

  private String secret() {
    return cluster.in("/api/v1", "secrets") + "/" + SecretKeyStore.NAME;
  }

  private void installed(String token) throws IOException {
    cluster.create(
        cluster.in("/api/v1", "secrets"),
        "{'metadata':{'name':'niro-agent','labels':{'mine':'yes'}},'stringData':{'token':'%s'},'data':{'token':'%s'}}"
            .formatted(
                token,
                java.util.Base64.getEncoder()
                    .encodeToString(token.getBytes(java.nio.charset.StandardCharsets.UTF_8))));
  }

  @Test
  void nothing_is_known_before_the_first_save() throws Exception {
    installed("niro_et_one");
    assertThat(store.load()).isEmpty();
    assertThat(store.token()).contains("niro_et_one");
  }

  @Test
  void what_was_saved_is_loaded_and_nothing_else_in_the_secret_is_touched() throws Exception {
    installed("niro_et_one");
    store.load();
    store.save(KEYS);
    assertThat(another().load()).contains(KEYS);
    Json stored = Json.of(cluster.admin().send(ApiRequest.get(secret())));
    assertThat(stored.child("data").has("token")).isTrue();
    assertThat(stored.child("metadata").child("labels").text("mine")).isEqualTo("yes");
  }

  @Test
  void a_part_that_is_no_longer_known_is_removed() throws Exception {
    installed("niro_et_one");
    store.load();
    store.save(KEYS);
    StoredKeys less = new StoredKeys(null, "token-1", "key-2", "key-1", null, new ClusterId("c1"));
    store.save(less);
    assertThat(another().load()).contains(less);
  }

  @Test
  void a_spent_token_is_removed_and_a_newer_one_stays() throws Exception {
    installed("niro_et_one");
    store.token();
    store.tokenSpent();
    assertThat(another().token()).isEmpty();
    cluster.patch(secret(), "{'stringData':{'token':'new'},'data':{'token':'bmV3'}}");
    store.tokenSpent();
    assertThat(another().token()).contains("new");
  }

  @Test
  void a_new_token_in_between_does_not_stop_a_save() throws Exception {
    installed("niro_et_one");
    store.load();
    cluster.patch(secret(), "{'data':{'token':'bmV3'}}");
    store.save(KEYS);
    assertThat(another().load()).contains(KEYS);
    assertThat(another().token()).contains("new");
  }

  @Test
  void a_save_that_another_agent_overtook_fails_and_leaves_its_keys() throws Exception {
    installed("niro_et_one");
    store.load();
    SecretKeyStore other = another();
    other.load();
    other.save(KEYS);
    StoredKeys mine = new StoredKeys("request-9", null, "key-9", null, null, null);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> store.save(mine))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("was changed by another agent")
          .hasMessageNotContainingAny("key-1", "key-9");
      store.token();
      store.tokenSpent();
    }
    assertThat(another().load()).contains(KEYS);
    store.load();
    store.save(mine);
    assertThat(another().load()).contains(mine);
  }

  @Test
  void where_no_installer_was_the_secret_is_made() throws Exception {
    assertThat(store.load()).isEmpty();
    store.save(KEYS);
    assertThat(another().load()).contains(KEYS);
  }
}
