package cx.niro.app.bench;

import cx.niro.app.bench.PlainClient.Call;
import java.util.ArrayList;
import java.util.List;

/** Requests that all come at the same moment; each is sent until it is done. */
final class CrowdStorm implements Storm {
  private final Crowd crowd;
  private final Preparation preparation;
  private List<Call> calls = List.of();

  /** Makes the requests. */
  private interface Preparation {
    List<Call> calls() throws Exception;
  }

  private CrowdStorm(StormSite site, Preparation preparation) {
    this.crowd = new Crowd(site.uri);
    this.preparation = preparation;
  }

  /** So many agents that enroll at once. */
  static CrowdStorm ofEnrollments(StormSite site, int count) {
    return new CrowdStorm(
        site,
        () ->
            site.added("new", count).stream()
                .map(one -> Call.post("/agent/v1/enroll", "", Bodies.enroll(one, one.requestId())))
                .toList());
  }

  /** So many results at once, fifty of each cluster. */
  static CrowdStorm ofResults(StormSite site, int count) {
    return new CrowdStorm(
        site,
        () -> {
          List<BenchCluster> clusters = site.enrolled("busy", Math.max(1, count / 50));
          site.command(clusters, Math.min(50, count));
          site.take(clusters);
          List<Call> all = new ArrayList<>();
          for (BenchCluster one : clusters) {
            one.offers.forEach(
                offer -> {
                  String path = "/agent/v1/commands/" + offer.getKey() + "/result";
                  String body = Bodies.result(one, offer.getValue(), "succeeded");
                  all.add(Call.post(path, one.key, body));
                });
          }
          return all;
        });
  }

  @Override
  public void prepare() throws Exception {
    calls = preparation.calls();
  }

  @Override
  public void run() throws Exception {
    crowd.send(calls);
  }

  @Override
  public Outcomes outcomes() {
    return crowd.outcomes;
  }

  @Override
  public List<String> faults() {
    long done = crowd.outcomes.of("200");
    return done == calls.size() ? List.of() : List.of(done + " of " + calls.size() + " were done");
  }
}
