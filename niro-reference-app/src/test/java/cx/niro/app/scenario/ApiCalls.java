package cx.niro.app.scenario;

import cx.niro.app.Json;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Calls of one account to a real API server, and what it was answered. */
final class ApiCalls {
  /** One call that was answered. */
  record Answered(String method, String path, int status) {}

  private static final String REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

  private static final Pattern TOKEN = Pattern.compile("\\btoken: \"?([^\"\\s]+)");

  private final String token;
  private final ApiClient client;
  private final List<Answered> answers = new CopyOnWriteArrayList<>();

  /**
   * @param kubeconfig with a token
   */
  ApiCalls(String kubeconfig) throws IOException {
    KubeConfig config = KubeConfig.loadKubeConfig(new StringReader(kubeconfig));
    Matcher found = TOKEN.matcher(kubeconfig);
    token = found.find() ? found.group(1) : "";
    client = ClientBuilder.kubeconfig(config).build();
    OkHttpClient http = client.getHttpClient();
    client.setHttpClient(
        http.newBuilder()
            .addInterceptor(
                chain -> {
                  Request request = chain.request();
                  Response response = chain.proceed(request);
                  String path = request.url().encodedPath();
                  answers.add(new Answered(request.method(), path, response.code()));
                  return response;
                })
            .build());
  }

  /** For an agent; its calls are noted too. */
  ApiClient client() {
    return client;
  }

  /** All calls until now. */
  List<Answered> answers() {
    return List.copyOf(answers);
  }

  int status(String method, String path, String contentType, String body) throws IOException {
    try (Response response = call(method, path, contentType, body)) {
      return response.code();
    }
  }

  /** The JSON object that is answered; {@code json} may use single quotes. */
  Map<?, ?> send(String method, String path, String contentType, String json) throws IOException {
    try (Response response = call(method, path, contentType, json.replace('\'', '"'))) {
      String body = response.body().string();
      if (!response.isSuccessful()) {
        throw new IOException(method + " " + path + ": " + response.code() + " " + body);
      }
      return (Map<?, ?>) Json.parse(body);
    }
  }

  Map<?, ?> get(String path) throws IOException {
    return send("GET", path, "application/json", "");
  }

  Map<?, ?> post(String path, String json) throws IOException {
    return send("POST", path, "application/json", json);
  }

  Map<?, ?> patch(String path, String json) throws IOException {
    return send("PATCH", path, "application/merge-patch+json", json);
  }

  /** Whether this account may; {@code attributes} are those of an access review. */
  boolean may(String attributes) throws IOException {
    String review = "{'spec':{'resourceAttributes':{%s}}}".formatted(attributes);
    Map<?, ?> answer = post(REVIEWS, review);
    return Boolean.TRUE.equals(at(answer, "status.allowed"));
  }

  /** The value there, members separated by dots; null when there is none. */
  static Object at(Map<?, ?> object, String path) {
    Object value = object;
    for (String member : path.split("\\.")) {
      value = value instanceof Map<?, ?> map ? map.get(member) : null;
    }
    return value;
  }

  private Response call(String method, String path, String contentType, String body)
      throws IOException {
    RequestBody sent =
        method.equals("GET") ? null : RequestBody.create(body, MediaType.get(contentType));
    Request request =
        new Request.Builder()
            .url(client.getBasePath() + path)
            .header("Authorization", "Bearer " + token)
            .method(method, sent)
            .build();
    return client.getHttpClient().newCall(request).execute();
  }
}
