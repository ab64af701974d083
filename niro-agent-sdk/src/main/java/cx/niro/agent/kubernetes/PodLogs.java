package cx.niro.agent.kubernetes;

import cx.niro.agent.spi.LogOutput;
import cx.niro.agent.spi.LogSource;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.NiroException;
import cx.niro.core.RetryLaterException;
import cx.niro.core.protocol.LogRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/** Reads {@code pods/log}; the API server forwards it from the pod's node. */
final class PodLogs implements LogSource {
  private static final Duration FOLLOWED_SILENCE = Duration.ofHours(1);
  private static final Duration SILENCE = Duration.ofSeconds(30);

  /** DNS-1123, which is what Kubernetes gives names; nothing else gets into a path. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");

  private final ApiServer server;
  private final BooleanSupplier granted;
  private final Runnable onForbidden;

  PodLogs(ApiServer server, BooleanSupplier granted, Runnable onForbidden) {
    this.server = server;
    this.granted = granted;
    this.onForbidden = onForbidden;
  }

  @Override
  public boolean isGranted() {
    return granted.getAsBoolean();
  }

  @Override
  public void read(LogRequest request, LogOutput out) throws IOException {
    try {
      server.bytes(
          asked(request),
          request.follow() ? FOLLOWED_SILENCE : SILENCE,
          out::onStop,
          answer -> new LogLines(answer).copyTo(out));
    } catch (ApiFailure e) {
      if (e.isForbidden()) {
        onForbidden.run();
      }
      throw refusal(e);
    }
  }

  private static ApiRequest asked(LogRequest request) {
    ApiRequest log =
        ApiRequest.get(
            "/api/v1/namespaces/%s/pods/%s/log"
                .formatted(name("namespace", request.namespace()), name("pod", request.pod())));
    if (request.container() != null) {
      log = log.with("container", name("container", request.container()));
    }
    if (request.follow()) {
      log = log.with("follow", "true");
    }
    if (request.previous()) {
      log = log.with("previous", "true");
    }
    if (request.tailLines() != null) {
      log = log.with("tailLines", request.tailLines().toString());
    }
    return request.sinceSeconds() == null
        ? log
        : log.with("sinceSeconds", request.sinceSeconds().toString());
  }

  private static String name(String field, String value) {
    if (!NAME.matcher(value).matches()) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_FIELD,
          field + " must be a name of Kubernetes, but was '" + value + "'");
    }
    return value;
  }

  private static NiroException refusal(ApiFailure e) {
    String said = String.valueOf(e.getMessage());
    if (e.isAbsent()) {
      return new InvalidRequestException(ErrorCode.NOT_FOUND, said);
    }
    if (e.isForbidden()) {
      return new InvalidRequestException(ErrorCode.FORBIDDEN, said);
    }
    return e.isPassing()
        ? new RetryLaterException(
            ErrorCode.STREAM_UNREACHABLE, "the API server answered " + e.code() + ": " + said)
        : new InvalidRequestException(ErrorCode.INVALID_FIELD, said);
  }
}
