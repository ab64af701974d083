package cx.niro.agent.kubernetes;

/** The same promises on a real API server. */
@RealClusterOnly
class RealInventoryTest extends InventoryContract {
  @Override
  TestCluster open() throws Exception {
    return TestCluster.real();
  }
}
