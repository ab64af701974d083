package cx.niro.agent.kubernetes;

import cx.niro.agent.internal.SystemTime;
import cx.niro.agent.kubernetes.Ledger.Entry;
import cx.niro.agent.kubernetes.Ledger.Page;
import cx.niro.core.snapshot.ManagedMark;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that somebody may have changed what managed deployments put into the cluster, so that
 * they are compared then and not again and again. Every method may be called by any thread; those
 * that throw nothing and return nothing call the API server and block, without a lock.
 */
final class ManagedWatch {
  /** Runs work later, on a thread where it may block. */
  interface Timer {
    void later(long millis, Runnable work);
  }

  private static final Logger log = LoggerFactory.getLogger(ManagedWatch.class);

  /** More collections than this are read twice an hour, since each watch holds a thread. */
  private static final int WATCHES = 32;

  private final ApiServer server;
  private final String home;
  private final Timer timer;
  private final Runnable onChange;
  private final RandomGenerator random = SystemTime.random();
  private final Map<String, Page> pages = new ConcurrentHashMap<>();
  private final Map<String, String> paths = new ConcurrentHashMap<>();
  private final Map<String, MarkedCollection> collections = new ConcurrentHashMap<>();
  private final AtomicLong turns = new AtomicLong();
  private final Map<String, Long> newest = new HashMap<>();
  private volatile boolean learned;

  /**
   * @param home the agent's own namespace
   * @param onChange run when a mark has changed; must not block
   */
  ManagedWatch(ApiServer server, String home, Timer timer, Runnable onChange) {
    this.server = server;
    this.home = home;
    this.timer = timer;
    this.onChange = onChange;
  }

  /** Finds the deployments that an earlier run of the agent has applied; success is enough once. */
  void learn() {
    if (learned) {
      return;
    }
    long turn = turns.incrementAndGet();
    ApiRequest lists =
        ApiRequest.get("/api/v1/namespaces/" + home + "/configmaps")
            .with("labelSelector", Ledger.LABEL + "=true");
    try {
      boolean all = true;
      for (Json map : new Json(server.send(lists)).list("items", json -> json)) {
        all &= learn(map, turn);
      }
      learned = all;
    } catch (IOException e) {
      log.info("managed deployments of before are not watched yet: {}", e.getMessage());
    }
  }

  /** Whether it is not worth another try. */
  private boolean learn(Json map, long turn) {
    String deployment = Ledger.deploymentOf(map);
    Page page;
    try {
      page = Ledger.page(map);
    } catch (IOException | RuntimeException e) {
      log.warn("managed deployment {} cannot be watched: {}", deployment, e.getMessage());
      return true;
    }
    try {
      if (!pages.containsKey(deployment)) {
        follow(deployment, page, turn);
      }
      return true;
    } catch (IOException | RuntimeException e) {
      log.info("managed deployment {} is not watched yet: {}", deployment, e.getMessage());
      return false;
    }
  }

  /** The deployment was applied or deleted. */
  void reread(String deployment) {
    long turn = turns.incrementAndGet();
    try {
      follow(deployment, new Ledger(calls(), home, deployment).read(), turn);
    } catch (IOException e) {
      log.info("managed deployment {} is not watched: {}", deployment, e.getMessage());
    }
  }

  /** Of every deployment whose objects have all been seen. */
  List<ManagedMark> marks() {
    List<ManagedMark> marks = new ArrayList<>();
    new TreeMap<>(pages)
        .forEach(
            (name, page) -> {
              String mark = mark(page);
              if (mark != null) {
                marks.add(new ManagedMark(name, page.revision(), mark));
              }
            });
    return marks;
  }

  private @Nullable String mark(Page page) {
    StringBuilder all = new StringBuilder();
    for (Entry entry : page.entries()) {
      MarkedCollection collection = collections.get(paths.getOrDefault(collectionKey(entry), ""));
      String mark = collection == null ? null : collection.markOf(entry.ref().name());
      if (mark == null) {
        return null;
      }
      all.append(ManagedParts.key(entry.ref())).append(' ').append(mark).append('\n');
    }
    return Hashes.of(all.toString());
  }

  /** The API server is asked first and last; in between, what was read later wins. */
  private void follow(String deployment, Page page, long turn) throws IOException {
    Map<String, String> found = pathsOf(page);
    Wanted wanted = take(deployment, page, found, turn);
    wanted.ended().forEach(MarkedCollection::end);
    wanted.begun().forEach(made -> timer.later(0, () -> round(made)));
    for (Entry entry : page.entries()) {
      MarkedCollection collection = collections.get(found.getOrDefault(collectionKey(entry), ""));
      if (collection != null) {
        collection.refresh(entry.ref().name());
      }
    }
  }

  /** The collections that the objects are in, as far as their kinds are served. */
  private Map<String, String> pathsOf(Page page) throws IOException {
    Map<String, String> found = new HashMap<>();
    Discovery discovery = new Discovery(calls());
    for (Entry entry : page.entries()) {
      ApiResource resource = discovery.findAnyVersion(entry.ref().apiVersion(), entry.ref().kind());
      if (resource != null) {
        found.put(collectionKey(entry), resource.collection(entry.ref().namespace()));
      }
    }
    return found;
  }

  private record Wanted(List<MarkedCollection> begun, List<MarkedCollection> ended) {
    static final Wanted NOTHING_NEW = new Wanted(List.of(), List.of());
  }

  /** The only writer of the maps; asks nobody. */
  private synchronized Wanted take(
      String deployment, Page page, Map<String, String> found, long turn) {
    if (newest.getOrDefault(deployment, 0L) > turn) {
      return Wanted.NOTHING_NEW;
    }
    newest.put(deployment, turn);
    List<MarkedCollection> begun = new ArrayList<>();
    if (page.revision() == 0) {
      pages.remove(deployment);
    } else {
      paths.putAll(found);
      page.entries().forEach(entry -> want(entry, begun));
      pages.put(deployment, page);
    }
    return new Wanted(begun, unnamed());
  }

  private void want(Entry entry, List<MarkedCollection> begun) {
    String path = paths.get(collectionKey(entry));
    if (path == null) {
      return;
    }
    MarkedCollection known = collections.get(path);
    if (known == null) {
      boolean polled = Manifest.isSecret(entry.ref()) || collections.size() >= WATCHES;
      known = new MarkedCollection(server, path, polled, onChange);
      collections.put(path, known);
      begun.add(known);
    }
    known.want(entry.ref().name());
  }

  /** Forgets the objects that no page names any more; gives the collections that are left. */
  private List<MarkedCollection> unnamed() {
    Map<String, Set<String>> named = new HashMap<>();
    for (Page page : pages.values()) {
      for (Entry entry : page.entries()) {
        String path = paths.getOrDefault(collectionKey(entry), "");
        named.computeIfAbsent(path, any -> new HashSet<>()).add(entry.ref().name());
      }
    }
    paths.values().retainAll(named.keySet());
    List<MarkedCollection> left = new ArrayList<>();
    collections.forEach(
        (path, collection) -> {
          if (named.containsKey(path)) {
            collection.wantOnly(named.get(path));
          } else {
            left.add(collection);
          }
        });
    collections.keySet().retainAll(named.keySet());
    return left;
  }

  private ObjectCalls calls() {
    return new ObjectCalls(server, Course.once(SystemTime.nanos()), () -> {});
  }

  private static String collectionKey(Entry entry) {
    return entry.ref().apiVersion() + " " + entry.ref().kind() + " " + entry.ref().namespace();
  }

  private void round(MarkedCollection collection) {
    if (collection.hasEnded()) {
      return;
    }
    long pause = collection.round(random.nextDouble());
    timer.later(pause, () -> round(collection));
  }
}
