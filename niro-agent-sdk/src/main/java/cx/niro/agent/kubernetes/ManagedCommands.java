package cx.niro.agent.kubernetes;

import cx.niro.agent.internal.SystemTime;
import cx.niro.agent.kubernetes.Ledger.Page;
import cx.niro.agent.spi.CommandContext;
import cx.niro.agent.spi.CommandHandler;
import cx.niro.agent.spi.CommandOutcome;
import cx.niro.core.managed.ApplyReport;
import cx.niro.core.managed.ApplyRequest;
import cx.niro.core.managed.ApplyStatus;
import cx.niro.core.managed.DeleteRequest;
import cx.niro.core.managed.DiffReport;
import cx.niro.core.managed.DiffRequest;
import cx.niro.core.managed.ObjectAction;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.DecodingException;
import cx.niro.core.protocol.NiroCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The commands {@code apply}, {@code delete} and {@code diff}: what a server may ask for. */
final class ManagedCommands implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ManagedCommands.class);
  private static final String NOT_GRANTED =
      "this agent may not change objects; install it with NIRO_ENABLE_APPLY=1";

  /**
   * Who is told.
   *
   * @param onForbidden run when the API server refuses a call; must not block
   * @param onChange told the name of a deployment that was changed
   */
  record Hooks(Runnable onForbidden, Consumer<String> onChange) {}

  private interface Work {
    CommandOutcome run(CommandContext context) throws IOException;
  }

  private static final int TRIES = 3;

  private final ApiServer server;
  private final String home;
  private final BooleanSupplier granted;
  private final Hooks hooks;
  private final NiroCodec codec = NiroCodec.create();
  private final ExecutorService threads = SystemTime.threads("niro-managed");
  private final Set<String> busy = ConcurrentHashMap.newKeySet();

  private ManagedCommands(ApiServer server, String home, BooleanSupplier granted, Hooks hooks) {
    this.server = server;
    this.home = home;
    this.granted = granted;
    this.hooks = hooks;
  }

  /**
   * @param home the agent's own namespace
   * @param granted whether the agent may change objects now
   */
  static ManagedCommands of(ApiServer server, String home, BooleanSupplier granted, Hooks hooks) {
    return new ManagedCommands(server, home, granted, hooks);
  }

  List<CommandHandler> handlers() {
    return List.of(
        handler("apply", this::apply),
        handler("delete", this::delete),
        handler("diff", this::diff));
  }

  /** Takes no more commands; those that run end by themselves, and their threads with them. */
  @Override
  public void close() {
    threads.shutdown();
  }

  private CommandHandler handler(String kind, Work work) {
    return new CommandHandler() {
      @Override
      public String kind() {
        return kind;
      }

      @Override
      public boolean idempotent() {
        return true;
      }

      @Override
      public CommandOutcome handle(CommandContext context) throws Exception {
        return granted.getAsBoolean()
            ? undisturbed(() -> run(work, context))
            : CommandOutcome.rejected(NOT_GRANTED);
      }
    };
  }

  /**
   * On a thread that nobody interrupts: a change that was sent is waited for, so that its outcome
   * is known. Cancelling is heard between two objects.
   */
  private CommandOutcome undisturbed(Callable<CommandOutcome> work) throws Exception {
    boolean interrupted = false;
    try {
      Future<CommandOutcome> future = threads.submit(work);
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
          log.debug("an interruption is heard between two objects");
        }
      }
    } catch (RejectedExecutionException e) {
      return CommandOutcome.failed("the agent is closing");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private CommandOutcome run(Work work, CommandContext context) {
    try {
      return work.run(context);
    } catch (DecodingException e) {
      return CommandOutcome.rejected(
          "the payload cannot be read: " + e.path() + " " + e.getMessage());
    } catch (Ledger.Overtaken e) {
      return CommandOutcome.rejected(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      return context.isCancelled() ? CommandOutcome.cancelled(why) : CommandOutcome.failed(why);
    }
  }

  private CommandOutcome apply(CommandContext context) throws IOException {
    ApplyRequest request = payload(context, ApplyRequest.class);
    return alone(
        request.name(),
        () -> {
          ManagedParts parts = parts(context, request.name(), request.namespace());
          return applied(context, parts, request);
        });
  }

  /** Begins anew when another agent of this cluster was at work before anything was changed. */
  private static CommandOutcome applied(
      CommandContext context, ManagedParts parts, ApplyRequest request) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        return outcome(context, new ApplyRun(parts, request).run());
      } catch (ApplyRun.Unlisted e) {
        String why = String.valueOf(e.getMessage());
        return new CommandOutcome(CommandState.FAILED, why, Reports.fit(e.report()));
      } catch (Ledger.Contested e) {
        if (tries == TRIES) {
          throw e;
        }
      }
    }
  }

  private CommandOutcome delete(CommandContext context) throws IOException {
    DeleteRequest request = payload(context, DeleteRequest.class);
    return alone(
        request.name(),
        () ->
            outcome(context, delete(parts(context, request.name(), request.namespace()), request)));
  }

  private static ApplyReport delete(ManagedParts parts, DeleteRequest request) throws IOException {
    Ledger ledger = parts.ledger();
    Page before = ledger.read();
    if (before.revision() > request.revision()) {
      throw new Ledger.Overtaken(request.revision(), before.revision());
    }
    Pruning pruning = new Pruning(parts, request.removeData());
    pruning.run(before.entries());
    ApplyReport report = Reports.of(request.revision(), List.of(), pruning.results());
    boolean left =
        report.objects().stream()
            .anyMatch(
                result ->
                    result.action() == ObjectAction.FAILED || parts.course().ending() != null);
    if (left) {
      ledger.write(new Page(request.revision(), pruning.remaining()));
    } else {
      ledger.remove();
    }
    return report;
  }

  private CommandOutcome diff(CommandContext context) throws IOException {
    DiffRequest request = payload(context, DiffRequest.class);
    ManagedParts parts = parts(context, request.name(), request.namespace());
    DiffReport report = new DiffRun(parts, request).run();
    return CommandOutcome.succeeded(Reports.fit(report));
  }

  private static CommandOutcome outcome(CommandContext context, ApplyReport report) {
    String reason = Reports.reason(report);
    if (report.status() == ApplyStatus.SUCCEEDED) {
      return CommandOutcome.succeeded(Reports.fit(report));
    }
    CommandState state = context.isCancelled() ? CommandState.CANCELLED : CommandState.FAILED;
    return new CommandOutcome(state, Objects.requireNonNull(reason), Reports.fit(report));
  }

  private interface Locked {
    CommandOutcome run() throws IOException;
  }

  /** Two changes of one deployment never meet, whatever the server thinks. */
  private CommandOutcome alone(String deployment, Locked work) throws IOException {
    if (!busy.add(deployment)) {
      return CommandOutcome.failed("another command changes this deployment just now");
    }
    try {
      return work.run();
    } finally {
      busy.remove(deployment);
      hooks.onChange().accept(deployment);
    }
  }

  private ManagedParts parts(CommandContext context, String name, String namespace)
      throws IOException {
    if (!name.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
      throw new IOException("the deployment's name must be a DNS label, but was " + name);
    }
    Course course = Course.of(context, SystemTime.nanos());
    ObjectCalls calls = new ObjectCalls(server, course, hooks.onForbidden());
    return new ManagedParts(calls, new Discovery(calls), course, name, namespace, home);
  }

  private <T> T payload(CommandContext context, Class<T> type) {
    return codec.decode(type, context.payload().text().getBytes(StandardCharsets.UTF_8));
  }
}
