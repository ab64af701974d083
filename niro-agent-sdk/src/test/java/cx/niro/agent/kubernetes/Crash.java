package cx.niro.agent.kubernetes;

import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Interceptor;
import okhttp3.Response;

/** The end of an agent in the midst of its work. */
final class Crash extends Error {
  private static final long serialVersionUID = 1L;

  private Crash() {
    super("crashed by the test");
  }

  /**
   * A client that waits before its {@code call}th call until {@code others} have done their work;
   * the call fails with their {@link IOException}.
   */
  static ApiClient meanwhile(int call, ApiClient client, Callable<?> others) {
    AtomicInteger calls = new AtomicInteger();
    Interceptor waiting =
        chain -> {
          if (calls.incrementAndGet() == call) {
            try {
              others.call();
            } catch (IOException e) {
              throw e;
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          }
          return chain.proceed(chain.request());
        };
    return client.setHttpClient(
        client.getHttpClient().newBuilder().addInterceptor(waiting).build());
  }

  /**
   * A client whose agent ends with its {@code call}th call.
   *
   * @param served whether the API server still does what that call asks for
   */
  static ApiClient at(int call, boolean served, ApiClient client) {
    AtomicInteger calls = new AtomicInteger();
    Interceptor crashing =
        chain -> {
          int now = calls.incrementAndGet();
          if (now > call || (now == call && !served)) {
            throw new Crash();
          }
          Response response = chain.proceed(chain.request());
          if (now == call) {
            response.close();
            throw new Crash();
          }
          return response;
        };
    return client.setHttpClient(
        client.getHttpClient().newBuilder().addInterceptor(crashing).build());
  }
}
