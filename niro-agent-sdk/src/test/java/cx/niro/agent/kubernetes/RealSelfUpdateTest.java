package cx.niro.agent.kubernetes;

import com.google.gson.JsonObject;
import java.util.List;

@RealClusterOnly
class RealSelfUpdateTest extends SelfUpdateContract {
  @Override
  TestCluster open() throws Exception {
    return TestCluster.real();
  }

  @Override
  void getsReady(String image) throws Exception {
    for (String pod : pods(image)) {
      status(
          pod,
          "'phase':'Running','conditions':[{'type':'Ready','status':'True','lastTransitionTime':'2026-01-05T08:00:00Z'}]");
    }
    await(() -> Rollout.of(deployment()).step() == Rollout.Step.DONE);
  }

  @Override
  void cannotBePulled(String image) throws Exception {
    for (String pod : pods(image)) {
      status(
          pod,
          """
          'phase':'Pending','containerStatuses':[{'name':'agent','image':'x','imageID':'','ready':false,'restartCount':0,
            'state':{'waiting':{'reason':'ImagePullBackOff','message':'Back-off pulling image'}}}]
          """);
    }
  }

  private void status(String pod, String status) throws Exception {
    kubernetes.patch(
        kubernetes.in("/api/v1", "pods/") + pod + "/status", "{'status':{%s}}".formatted(status));
  }

  private List<String> pods(String image) throws Exception {
    await(() -> !named(image).isEmpty());
    return named(image);
  }

  private List<String> named(String image) throws Exception {
    JsonObject all = kubernetes.admin().send(ApiRequest.get(kubernetes.in("/api/v1", "pods")));
    return Json.of(all)
        .list(
            "items",
            pod ->
                pod.child("spec").tree().toString().contains('"' + image + '"')
                    ? pod.child("metadata").name("name")
                    : null);
  }
}
