package cx.niro.agent.kubernetes;

@RealClusterOnly
class RealManagedWatchTest extends ManagedWatchContract {
  @Override
  TestCluster open() throws Exception {
    return TestCluster.real();
  }
}
