package cx.niro.agent.kubernetes;

@RealClusterOnly
class RealSecretKeyStoreTest extends SecretKeyStoreContract {
  @Override
  TestCluster open() throws Exception {
    return TestCluster.real();
  }
}
