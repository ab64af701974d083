package cx.niro.server.http;

import cx.niro.core.NiroException;
import cx.niro.server.internal.Tally;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on its way: its route, who calls, the body, the answer. While the body arrives it
 * holds no thread, and whoever is refused before is not listened to.
 */
final class Passage {
  private static final Logger LOG = LoggerFactory.getLogger(NiroHandler.class);

  /** The only ones to be counted by name: a client may send any word. */
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  /** What all requests have in common. */
  record Means(
      Router router, Failures failures, Admission admission, Intakes intakes, Tally tally) {}

  private final Means means;
  private final NiroRequest request;
  private final @Nullable BodySource source;
  private final String caller;
  private final CompletableFuture<NiroResponse> answer = new CompletableFuture<>();
  private String template = "none";

  /** A null source means that the body, if there is one, is read from the request. */
  Passage(Means means, NiroRequest request, @Nullable BodySource source) {
    this.means = means;
    this.request = request;
    this.source = source;
    this.caller = means.admission().callerOf(request);
  }

  CompletionStage<NiroResponse> begin() {
    try {
      Router.Match match = means.router.match(request.method(), request.path());
      template = match.route().template();
      Route.Terms terms = match.route().terms();
      if (terms.atOnce()) {
        enter(match);
      } else if (!entersAtOnce(match)) {
        means.admission.of(terms.kind()).enter(caller, step(() -> enter(match), this::refuse));
      }
    } catch (RuntimeException e) {
      refuse(e);
    }
    return answer;
  }

  private static FairQueue.Step step(
      Runnable run, Consumer<RejectedExecutionException> whenRefused) {
    return new FairQueue.Step() {
      @Override
      public void run() {
        run.run();
      }

      @Override
      public void refuse(RejectedExecutionException why) {
        whenRefused.accept(why);
      }
    };
  }

  /**
   * Where nobody waits, a caller who is known without asking anybody needs no thread until the body
   * is there; every change of threads costs as much as the smallest requests.
   */
  private boolean entersAtOnce(Router.Match match) {
    Route route = match.route();
    if (source == null || means.admission.of(route.terms().kind()).isBusy(caller)) {
      return false;
    }
    Call call = call(match);
    Optional<Route.Action> action;
    try {
      action = route.entry().enterAtOnce(call);
    } catch (RuntimeException | Error e) {
      refuse(e);
      return true;
    }
    action.ifPresent(it -> proceed(it, route, call));
    return action.isPresent();
  }

  private Call call(Router.Match match) {
    return new Call(request, match.parameters(), match.route().terms().maxBody());
  }

  private void enter(Router.Match match) {
    Call call = call(match);
    Route.Action action;
    try {
      action = match.route().entry().enter(call);
    } catch (RuntimeException | Error e) {
      refuse(e);
      return;
    }
    proceed(action, match.route(), call);
  }

  private void proceed(Route.Action action, Route route, Call call) {
    if (source == null) {
      act(action, call);
    } else {
      receive(source, route, body -> act(action, call.with(body)));
    }
  }

  private void receive(BodySource source, Route route, Consumer<InputStream> then) {
    long maxBytes = route.terms().maxBody();
    NiroException refusal = maxBytes == 0 ? null : Bodies.refusalOf(request, maxBytes);
    if (refusal != null && waitsForContinue()) {
      handOn(route, new RefusedBody(refusal), then);
      return;
    }
    Intake intake =
        means.intakes.open(
            new Intake.Expected(maxBytes, refusal),
            route.terms().callerKnown() ? caller : null,
            body -> handOn(route, body, then));
    read(source, intake);
  }

  private void handOn(Route route, InputStream body, Consumer<InputStream> then) {
    if (route.terms().atOnce()) {
      then.accept(body);
      return;
    }
    FairQueue.Step step =
        step(
            () -> then.accept(body),
            rejected -> {
              close(body);
              finish(null, rejected);
            });
    means.admission.of(route.terms().kind()).goOn(caller, step);
  }

  private static void read(BodySource source, Intake intake) {
    try {
      source.readInto(intake);
    } catch (RuntimeException e) {
      intake.fail(e);
    }
  }

  /** What the client sends nevertheless is thrown away, so that it sees the answer. */
  private void refuse(Throwable why) {
    if (source == null || waitsForContinue()) {
      finish(null, why);
    } else {
      Intake.Expected nothing = new Intake.Expected(0, null);
      read(source, means.intakes.open(nothing, null, body -> finish(null, why)));
    }
  }

  private boolean waitsForContinue() {
    return request.header("expect") != null;
  }

  private void act(Route.Action action, Call call) {
    CompletionStage<NiroResponse> stage;
    try {
      stage = action.answer(call);
    } catch (RuntimeException | Error e) {
      stage = CompletableFuture.failedFuture(e);
    } finally {
      if (source != null) {
        close(call.request().body());
      }
    }
    stage.whenComplete(this::finish);
  }

  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      LOG.debug("a body in memory could not be closed", e);
    }
  }

  private void finish(@Nullable NiroResponse response, @Nullable Throwable failure) {
    NiroResponse whole =
        response == null
            ? means.failures.answer(request, failure == null ? new NullPointerException() : failure)
            : response;
    String method = METHODS.contains(request.method()) ? request.method() : "other";
    means.tally.count(method, template, Integer.toString(whole.status()));
    answer.complete(request.method().equals("HEAD") ? Answers.headOnly(whole) : whole);
  }
}
