package cx.niro.agent.kubernetes;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Calls about single objects, each repeated while the fault is one that passes: none of them does
 * more when it is done twice.
 */
final class ObjectCalls {
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  /** An API server that starts refuses what it grants, until it has read its roles. */
  private static final Duration SETTLING = Duration.ofSeconds(15);

  private static final int TRIES_AFTER_FAULT = 3;
  private static final long FIRST_PAUSE = 250;
  private static final long LONGEST_PAUSE = 5_000;

  private final ApiServer server;
  private final Course course;
  private final Runnable onForbidden;
  private volatile boolean wasAway;
  private volatile long settledAt;

  /**
   * @param onForbidden run when the API server refuses a call: the agent may do less than it says
   */
  ObjectCalls(ApiServer server, Course course, Runnable onForbidden) {
    this.server = server;
    this.course = course;
    this.onForbidden = onForbidden;
  }

  /** Null when there is no such object, or API. */
  @Nullable Json read(String path) throws IOException {
    try {
      return Json.of(patiently(ApiRequest.get(path)));
    } catch (ApiFailure e) {
      if (e.isAbsent()) {
        return null;
      }
      throw e;
    }
  }

  /** The object as it is afterwards. */
  JsonObject apply(String path, JsonObject object, boolean force) throws IOException {
    return patiently(ApiRequest.apply(path, object, force));
  }

  /** The object as it would be. */
  JsonObject dryRun(String path, JsonObject object, boolean force) throws IOException {
    return patiently(ApiRequest.apply(path, object, force).with("dryRun", "All"));
  }

  /** What is left of it, or the API server's word that it is gone. */
  JsonObject delete(String path, String uid) throws IOException {
    return patiently(ApiRequest.delete(path, uid));
  }

  JsonObject patiently(ApiRequest request) throws IOException {
    long until = course.in(PATIENCE);
    for (int tries = 1; ; tries++) {
      try {
        return server.send(request);
      } catch (ApiFailure e) {
        boolean again = mayPass(e, tries) && course.isBefore(until);
        if (e.code() == 403 && !again) {
          onForbidden.run();
        }
        if (!again) {
          throw e;
        }
        course.pause(Math.max(pause(tries), e.retryAfterSeconds() * 1000L));
      } catch (IOException e) {
        noteAway();
        if (!course.isBefore(until)) {
          throw e;
        }
        course.pause(pause(tries));
      }
    }
  }

  private boolean mayPass(ApiFailure failure, int tries) {
    if (failure.isForbidden()) {
      return wasAway && course.isBefore(settledAt);
    }
    return failure.isPassing() && (failure.code() != 500 || tries < TRIES_AFTER_FAULT);
  }

  private void noteAway() {
    settledAt = course.in(SETTLING);
    wasAway = true;
  }

  private static long pause(int tries) {
    return Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(tries - 1, 6));
  }
}
