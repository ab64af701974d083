package cx.niro.app.bench;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import okhttp3.Interceptor;
import okhttp3.Response;

/** Counts what an agent asks its API server because of managed deployments, by namespace. */
final class AgentCalls implements Interceptor {
  private final Map<String, LongAdder> byNamespace = new ConcurrentHashMap<>();
  private final LongAdder shared = new LongAdder();
  private final String prefix;

  /**
   * @param prefix of the namespaces that objects are in; the agent's own has this name
   */
  AgentCalls(String prefix) {
    this.prefix = prefix;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    String path = chain.request().url().encodedPath();
    String namespace = path.replaceFirst(".*/namespaces/([^/]+).*", "$1");
    if (namespace.startsWith(prefix + "-")) {
      byNamespace.computeIfAbsent(namespace, any -> new LongAdder()).increment();
    } else if (path.matches("/api/v1|/apis/[^/]+/[^/]+|/apis|.*/" + prefix + "/configmaps.*")) {
      shared.increment();
    }
    return chain.proceed(chain.request());
  }

  Map<String, Long> byNamespace() {
    Map<String, Long> counts = new TreeMap<>();
    byNamespace.forEach((namespace, count) -> counts.put(namespace, count.sum()));
    return counts;
  }

  /** What is asked once for all, as which kinds there are. */
  long shared() {
    return shared.sum();
  }
}
