package cx.niro.server.internal.relay;

import java.io.IOException;
import java.net.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Dispatcher;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Posts JSON to other servers: no redirects, no proxy, 5 s for all of a call. What is on its way is
 * bounded in calls and bytes, and a server that does not answer takes a few threads at most.
 */
final class ReplicaCalls implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int AT_ONCE = 64;
  private static final int AT_ONCE_TO_ONE = 16;
  private static final int MOST_CALLS = 512;
  private static final long MOST_BYTES = 16L << 20;
  private static final long ANSWER_BYTES = 64 * 1024;

  /** A call's weight beside its body, so that {@link #MOST_CALLS} of empty ones are the limit. */
  private static final long CALL_BYTES = MOST_BYTES / MOST_CALLS;

  private static final MediaType JSON = MediaType.get("application/json");

  private final Executor executor;
  private final OkHttpClient client;
  private final AtomicLong underWay = new AtomicLong();

  /** What came back. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Answer(int status, byte[] body) {}

  /**
   * @param executor completes the answers
   */
  ReplicaCalls(Executor executor) {
    this.executor = executor;
    Dispatcher dispatcher = new Dispatcher();
    dispatcher.setMaxRequests(AT_ONCE);
    dispatcher.setMaxRequestsPerHost(AT_ONCE_TO_ONE);
    client =
        new OkHttpClient.Builder()
            .dispatcher(dispatcher)
            .followRedirects(false)
            .followSslRedirects(false)
            .proxy(Proxy.NO_PROXY)
            .callTimeout(PATIENCE)
            .build();
  }

  /** Completes on the executor; exceptionally with an {@link IOException} without an answer. */
  CompletionStage<Answer> post(String url, Map<String, String> headers, byte[] body) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    Request request;
    try {
      Request.Builder made = new Request.Builder().url(url).header("user-agent", "niro");
      headers.forEach(made::header);
      request = made.post(RequestBody.create(body, JSON)).build();
    } catch (IllegalArgumentException e) {
      answer.completeExceptionally(new IOException("it cannot be called: " + e.getMessage(), e));
      return answer;
    }
    long weight = CALL_BYTES + body.length;
    if (underWay.addAndGet(weight) > MOST_BYTES + CALL_BYTES) {
      underWay.addAndGet(-weight);
      answer.completeExceptionally(new IOException("too many calls are on their way"));
      return answer;
    }
    client.newCall(request).enqueue(told(answer));
    var unused = answer.whenComplete((done, failure) -> underWay.addAndGet(-weight));
    return answer;
  }

  private Callback told(CompletableFuture<Answer> answer) {
    return new Callback() {
      @Override
      public void onFailure(Call call, IOException e) {
        executor.execute(() -> answer.completeExceptionally(e));
      }

      @Override
      public void onResponse(Call call, Response response) throws IOException {
        try (response) {
          Answer got = new Answer(response.code(), response.peekBody(ANSWER_BYTES).bytes());
          executor.execute(() -> answer.complete(got));
        } catch (IOException e) {
          onFailure(call, e);
        }
      }
    };
  }

  @Override
  public void close() {
    client.dispatcher().cancelAll();
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
  }
}
