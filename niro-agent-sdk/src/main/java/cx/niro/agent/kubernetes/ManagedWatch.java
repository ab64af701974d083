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
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that somebody may have changed what managed deployments put into the cluster, so that
 * they are compared then and not again and again. Every method may be called by any thread; those
 * that throw nothing and return nothing call the API server and block.
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
  synchronized void learn() {
    if (learned) {
      return;
    }
    ApiRequest lists =
        ApiRequest.get("/api/v1/namespaces/" + home + "/configmaps")
            .with("labelSelector", Ledger.LABEL + "=true");
    try {
      boolean all = true;
      for (Json map : new Json(server.send(lists)).list("items", json -> json)) {
        all &= learn(map);
      }
      learned = all;
    } catch (IOException e) {
      log.info("managed deployments of before are not watched yet: {}", e.getMessage());
    }
  }

  /** Whether it is not worth another try. */
  private boolean learn(Json map) {
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
        follow(deployment, page);
      }
      return true;
    } catch (IOException | RuntimeException e) {
      log.info("managed deployment {} is not watched yet: {}", deployment, e.getMessage());
      return false;
    }
  }

  /** The deployment was applied or deleted. */
  synchronized void reread(String deployment) {
    try {
      follow(deployment, new Ledger(calls(), home, deployment).read());
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

  private void follow(String deployment, Page page) throws IOException {
    if (page.revision() == 0) {
      pages.remove(deployment);
    } else {
      want(page);
      pages.put(deployment, page);
    }
    endUnnamed();
  }

  private void want(Page page) throws IOException {
    Discovery discovery = new Discovery(calls());
    for (Entry entry : page.entries()) {
      ApiResource resource = discovery.findAnyVersion(entry.ref().apiVersion(), entry.ref().kind());
      if (resource != null) {
        String path = resource.collection(entry.ref().namespace());
        paths.put(collectionKey(entry), path);
        collection(path, Manifest.isSecret(entry.ref())).want(entry.ref().name());
      }
    }
  }

  /** Forgets the objects that no page names any more. */
  private void endUnnamed() {
    Map<String, Set<String>> named = new HashMap<>();
    for (Page page : pages.values()) {
      for (Entry entry : page.entries()) {
        String path = paths.getOrDefault(collectionKey(entry), "");
        named.computeIfAbsent(path, any -> new HashSet<>()).add(entry.ref().name());
      }
    }
    paths.values().retainAll(named.keySet());
    collections.forEach(
        (path, collection) -> {
          if (named.containsKey(path)) {
            collection.wantOnly(named.get(path));
          } else {
            collection.end();
          }
        });
    collections.keySet().retainAll(named.keySet());
  }

  private ObjectCalls calls() {
    return new ObjectCalls(server, Course.once(SystemTime.nanos()), () -> {});
  }

  private static String collectionKey(Entry entry) {
    return entry.ref().apiVersion() + " " + entry.ref().kind() + " " + entry.ref().namespace();
  }

  private MarkedCollection collection(String path, boolean secret) {
    return collections.computeIfAbsent(
        path,
        any -> {
          boolean polled = secret || collections.size() >= WATCHES;
          MarkedCollection made = new MarkedCollection(server, path, polled, onChange);
          timer.later(0, () -> round(made));
          return made;
        });
  }

  private void round(MarkedCollection collection) {
    if (collection.hasEnded()) {
      return;
    }
    long pause = collection.round(random.nextDouble());
    timer.later(pause, () -> round(collection));
  }
}
