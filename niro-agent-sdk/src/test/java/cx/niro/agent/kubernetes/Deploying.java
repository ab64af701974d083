package cx.niro.agent.kubernetes;

import cx.niro.agent.spi.CommandHandler;
import cx.niro.agent.spi.CommandOutcome;
import cx.niro.core.managed.ApplyOptions;
import cx.niro.core.managed.ApplyReport;
import cx.niro.core.managed.ApplyRequest;
import cx.niro.core.managed.DeleteRequest;
import cx.niro.core.managed.DiffReport;
import cx.niro.core.managed.DiffRequest;
import cx.niro.core.managed.ManifestObject;
import cx.niro.core.managed.ObjectAction;
import cx.niro.core.managed.ObjectDrift;
import cx.niro.core.managed.ObjectResult;
import cx.niro.core.managed.ObjectSource;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.protocol.RawJson;
import io.kubernetes.client.openapi.ApiClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** One deployment as a test drives it: commands in, reports out. */
final class Deploying implements AutoCloseable {
  private static final NiroCodec CODEC = NiroCodec.create();

  private final String name;
  private final String namespace;
  private final ApiServer server;
  private final ManagedCommands commands;
  private final List<CommandHandler> handlers;

  /**
   * @param home the agent's own namespace
   */
  Deploying(ApiClient client, String home, String name, String namespace) {
    this.name = name;
    this.namespace = namespace;
    this.server = new ApiServer(client);
    this.commands =
        ManagedCommands.of(
            server, home, () -> true, new ManagedCommands.Hooks(() -> {}, changed -> {}));
    this.handlers = commands.handlers();
  }

  ApplyReport apply(long revision, String... objects) throws Exception {
    return apply(revision, ApplyOptions.CAREFUL, objects);
  }

  ApplyReport apply(long revision, ApplyOptions options, String... objects) throws Exception {
    return report(run(applying(revision, options, objects)));
  }

  GivenCommand applying(long revision, ApplyOptions options, String... objects) {
    return given("apply", new ApplyRequest(name, namespace, revision, options, manifests(objects)));
  }

  ApplyReport delete(long revision, boolean removeData) throws Exception {
    return report(run(deleting(revision, removeData)));
  }

  GivenCommand deleting(long revision, boolean removeData) {
    return given("delete", new DeleteRequest(name, namespace, revision, removeData));
  }

  DiffReport diff(long revision, String... objects) throws Exception {
    CommandOutcome outcome =
        run(
            given(
                "diff", new DiffRequest(name, namespace, revision, List.of(), manifests(objects))));
    return CODEC.decode(DiffReport.class, bytes(outcome));
  }

  CommandOutcome run(GivenCommand command) throws Exception {
    return handlers.stream()
        .filter(handler -> handler.kind().equals(command.kind()))
        .findAny()
        .orElseThrow()
        .handle(command);
  }

  static ApplyReport report(CommandOutcome outcome) {
    return CODEC.decode(ApplyReport.class, bytes(outcome));
  }

  private static byte[] bytes(CommandOutcome outcome) {
    RawJson output = Objects.requireNonNull(outcome.output(), () -> "no output: " + outcome);
    return output.text().getBytes(StandardCharsets.UTF_8);
  }

  private static GivenCommand given(String kind, Object payload) {
    String text = new String(CODEC.encode(payload), StandardCharsets.UTF_8);
    return new GivenCommand(kind, new RawJson(text));
  }

  private static List<ManifestObject> manifests(String... objects) {
    List<ManifestObject> manifests = new ArrayList<>();
    for (String object : objects) {
      manifests.add(
          new ManifestObject(
              new ObjectSource("web.yaml", manifests.size() + 1, null),
              new RawJson(TestCluster.parse(object).toString())));
    }
    return manifests;
  }

  static List<ObjectAction> actions(ApplyReport report) {
    return report.objects().stream().map(ObjectResult::action).toList();
  }

  static List<ObjectDrift.State> states(DiffReport report) {
    return report.objects().stream().map(ObjectDrift::state).toList();
  }

  @Override
  public void close() {
    server.close();
    commands.close();
  }
}
