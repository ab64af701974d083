package cx.niro.server.http;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Separate budgets for what agents and users ask, so that none of it starves behind another: of
 * each kind so many requests are worked on at a time, and so many wait.
 */
final class Admission {
  /** The sixteenths are shares of all that is worked on at a time. */
  enum Kind {
    HEARTBEATS(6, 2, 4096, 64),
    POLLS(3, 2, 4096, 64),
    RESULTS(1, 2, 1024, 256),
    ENROLLMENTS(1, 0, 256, 0),
    /** Of one token or session an eighth of what may run: long lists take whole processors. */
    CALLS(4, 0, 1024, 128);

    private final int sixteenths;
    private final int runningOfOne;
    private final int waiting;
    private final int waitingOfOne;

    Kind(int sixteenths, int runningOfOne, int waiting, int waitingOfOne) {
      this.sixteenths = sixteenths;
      this.runningOfOne = runningOfOne;
      this.waiting = waiting;
      this.waitingOfOne = waitingOfOne;
    }

    /** With nought for the limits of one caller where many may look like one. */
    FairQueue.Limits limits(int concurrency) {
      int running = Math.max(1, concurrency * sixteenths / 16);
      int share = this == CALLS ? Math.max(1, running / 8) : running;
      return new FairQueue.Limits(
          running,
          runningOfOne == 0 ? share : Math.min(runningOfOne, running),
          waiting,
          waitingOfOne == 0 ? waiting : waitingOfOne);
    }
  }

  private final Map<Kind, FairQueue> queues;
  private final @Nullable String sessionCookie;

  /**
   * @param sessionCookie the name of the cookie that tells sessions apart; null when there is none
   */
  Admission(int concurrency, Executor executor, @Nullable String sessionCookie) {
    this.sessionCookie = sessionCookie;
    Map<Kind, FairQueue> made = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      String name = kind.name().toLowerCase(Locale.ROOT);
      made.put(kind, new FairQueue(name, kind.limits(concurrency), executor));
    }
    queues = made;
  }

  FairQueue of(Kind kind) {
    return Objects.requireNonNull(queues.get(kind));
  }

  /**
   * Whom a request is counted for before anybody has looked who it is: what it shows to be let in
   * with, or else where it comes from. However a key or session is written, it is one caller.
   */
  String callerOf(NiroRequest request) {
    String authorization = request.header("authorization");
    if (authorization != null) {
      return authorization.substring(authorization.indexOf(' ') + 1).strip();
    }
    String session = sessionOf(request.headers().getOrDefault("cookie", List.of()));
    if (session != null) {
      return session;
    }
    String address = request.remoteAddress();
    return address == null ? "" : address;
  }

  private @Nullable String sessionOf(List<String> cookies) {
    if (sessionCookie == null) {
      return null;
    }
    return cookies.stream()
        .flatMap(header -> Stream.of(header.split(";", -1)))
        .map(String::strip)
        .filter(pair -> pair.startsWith(sessionCookie + "="))
        .findFirst()
        .orElse(null);
  }
}
