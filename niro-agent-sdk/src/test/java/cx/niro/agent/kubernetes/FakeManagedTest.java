package cx.niro.agent.kubernetes;

class FakeManagedTest extends ManagedContract {
  @Override
  TestCluster open() throws Exception {
    return TestCluster.fake();
  }
}
