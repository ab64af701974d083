package cx.niro.agent.kubernetes;

class FakeSelfUpdateTest extends SelfUpdateContract {
  @Override
  TestCluster open() throws Exception {
    return TestCluster.fake();
  }

  @Override
  void getsReady(String image) throws Exception {
    // The stand-in counts no generations: what is ready from the start looks like the new one.
    if (image.equals(NEW)) {
      status("'replicas':1,'updatedReplicas':1,'availableReplicas':1,'unavailableReplicas':0");
    }
  }

  @Override
  void cannotBePulled(String image) throws Exception {
    kubernetes.create(
        kubernetes.in("/api/v1", "pods"),
        """
        {'metadata':{'name':'niro-agent-2','labels':{'app.kubernetes.io/name':'niro-agent'}},
         'spec':{'containers':[{'name':'agent','image':'%s'}]}}
        """
            .formatted(image));
    kubernetes.patch(
        kubernetes.in("/api/v1", "pods/niro-agent-2/status"),
        """
        {'status':{'containerStatuses':[{'name':'agent',
          'state':{'waiting':{'reason':'ImagePullBackOff','message':'Back-off pulling image'}}}]}}
        """);
    status(
        """
        'replicas':2,'updatedReplicas':1,'availableReplicas':1,'unavailableReplicas':1,
        'conditions':[{'type':'Progressing','status':'False','reason':'ProgressDeadlineExceeded','message':'timed out'}]
        """);
  }

  private void status(String counts) throws Exception {
    kubernetes.patch(
        AgentDeployment.path(kubernetes.namespace()) + "/status",
        "{'status':{%s}}".formatted(counts));
  }
}
