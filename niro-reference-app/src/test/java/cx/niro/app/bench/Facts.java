package cx.niro.app.bench;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;

/** What the server has acknowledged, in order of arrival; safe for use by any thread. */
final class Facts {
  /** What a fact is about; a server that lost one is broken. */
  enum Kind {
    CLUSTER_CREATED,
    TOKEN_USED,
    KEY_WORKS,
    COMMAND_ACCEPTED,
    RESULT_ACCEPTED,
    INCIDENT_SEEN,
    SETTINGS_CHANGED,
    CLUSTER_DELETED
  }

  /**
   * One answer of the server.
   *
   * @param subject what within the cluster: a command's id, an incident's id
   * @param value what must be found there
   */
  record Fact(Kind kind, BenchCluster cluster, String subject, String value) {
    @Override
    public String toString() {
      return kind + " " + cluster.name + " " + subject + " " + value;
    }
  }

  private final ConcurrentLinkedQueue<Fact> all = new ConcurrentLinkedQueue<>();

  private final Set<String> wrong = new ConcurrentSkipListSet<>();
  private final Set<String> doubled = new ConcurrentSkipListSet<>();

  void add(Kind kind, BenchCluster cluster, String subject, String value) {
    all.add(new Fact(kind, cluster, subject, value));
  }

  /** An answer that cannot be, for example that a cluster which is there is not found. */
  void wrong(String what) {
    wrong.add(what);
  }

  Set<String> wrong() {
    return wrong;
  }

  /** Something happened twice that may happen once. */
  void doubled(String what) {
    doubled.add(what);
  }

  Set<String> doubled() {
    return doubled;
  }

  List<Fact> all() {
    return List.copyOf(all);
  }

  /** The newest ones, at most {@code limit}: what a crash would take first. */
  List<Fact> newest(int limit) {
    List<Fact> facts = all();
    return facts.subList(Math.max(0, facts.size() - limit), facts.size());
  }
}
