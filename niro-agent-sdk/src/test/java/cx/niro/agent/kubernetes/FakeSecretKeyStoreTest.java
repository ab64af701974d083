package cx.niro.agent.kubernetes;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FakeSecretKeyStoreTest extends SecretKeyStoreContract {
  @Override
  TestCluster open() throws Exception {
    return TestCluster.fake();
  }

  @Test
  void a_forbidden_secret_says_which_permission_is_missing() {
    cluster.stand().forbid("get", "secrets");
    assertThatThrownBy(() -> store.load())
        .hasMessageContaining("secrets \"niro-agent\" is forbidden")
        .hasMessageContaining("needs get and patch");
  }
}
