package cx.niro.agent.kubernetes;

import java.util.Set;

/** Notes which values of an object are of another type than Kubernetes gives them. */
record Doubts(String path, Set<String> found) {
  private static final int MOST = 200;

  Doubts inside(String member) {
    return new Doubts(path + member + ".", found);
  }

  void add(String member, String kind) {
    if (found.size() < MOST) {
      found.add(path + member + " is not " + kind);
    }
  }
}
