package cx.niro.server.scenario;

import static cx.niro.server.scenario.LivenessTest.assertCode;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ClusterId;
import cx.niro.core.ClusterStatus;
import cx.niro.core.CommandId;
import cx.niro.core.ErrorCode;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.managed.ApplyOptions;
import cx.niro.core.managed.ImageDigest;
import cx.niro.core.protocol.CommandOffer;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.PollReply;
import cx.niro.core.protocol.RawJson;
import cx.niro.server.AgentUpdate;
import cx.niro.server.Deployments.Spec;
import cx.niro.server.jdbc.JdbcStores;
import cx.niro.server.manifest.ManifestFile;
import cx.niro.server.manifest.ManifestSet;
import cx.niro.server.memory.MemoryStores;
import cx.niro.server.scenario.FleetFixture.Member;
import cx.niro.server.spi.ApplyRow;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.DeploymentRow;
import cx.niro.server.spi.DeploymentRow.Status;
import cx.niro.server.spi.IncidentFilter;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.Stores;
import cx.niro.server.testkit.CrashingStores;
import cx.niro.server.testkit.FakeAgent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever breaks while a deployment's command is under way, it ends once, and truthfully. */
class DeploymentFaultTest {
  private static final String WEB = "{apiVersion: v1, kind: ConfigMap, metadata: {name: web}}";
  private static final String OBJECT =
      "{\"object\":{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"namespace\":\"shop\",\"name\":\"web\"},\"action\":\"%s\"}";
  private static final RawJson GOOD = report("succeeded", "created");
  private static final RawJson HALF = report("partial", "failed");
  private static final Duration HAND_OVER = Duration.ofSeconds(32);

  /** Where the server keeps what it knows. */
  enum Kept {
    MEMORY,
    H2
  }

  @TempDir Path folder;
  private JdbcConnectionPool pool;
  private CrashingStores stores;
  private FleetFixture fleet;
  private Member edge;
  private FakeAgent agent;

  private static RawJson report(String status, String action) {
    String objects = OBJECT.formatted(action);
    return new RawJson(
        "{\"revision\":1,\"status\":\"" + status + "\",\"objects\":[" + objects + "]}");
  }

  private void start(Kept kept) {
    stores = new CrashingStores(kept == Kept.MEMORY ? MemoryStores.create() : h2());
    fleet = new FleetFixture(stores);
    join("edge");
  }

  private Stores h2() {
    pool = JdbcConnectionPool.create("jdbc:h2:file:" + folder.resolve("niro"), "", "");
    JdbcStores.migrate(pool);
    return JdbcStores.over(pool);
  }

  @AfterEach
  void closePool() {
    if (pool != null) {
      pool.dispose();
    }
  }

  private void join(String name) {
    edge = fleet.member(name);
    agent = edge.agent();
    agent.granted("apply", "selfUpdate").beat();
  }

  // ---------------------------------------------------------------- what users and agents do

  private CommandId put() {
    ManifestSet set = ManifestSet.parse(List.of(new ManifestFile("web.yaml", WEB)), "shop");
    Spec spec = new Spec("web", "shop", set, List.of());
    return fleet
        .server
        .deployments()
        .put(edge.id(), spec, ApplyOptions.CAREFUL, "ada")
        .command()
        .id();
  }

  private CommandId delete() {
    return fleet.server.deployments().delete(edge.id(), "web", false, "ada").id();
  }

  private CommandId diff() {
    return fleet.server.deployments().diff(edge.id(), "web", "ada").id();
  }

  private CommandId update(String digit) {
    ImageDigest digest = new ImageDigest("sha256:" + digit.repeat(64));
    return fleet.server.commands().send(edge.id(), AgentUpdate.request(digest), "ada").id();
  }

  private List<CommandOffer> poll() {
    return agent.poll(0, 4).join().commands();
  }

  private CommandId taken() {
    CommandId id = poll().get(0).id();
    agent.holds(id, CommandState.RUNNING, 1);
    return id;
  }

  private CommandState result(CommandId id, CommandState state, RawJson output) {
    CommandState now = agent.result(id, 1, state, output).state();
    fleet.time.runDue();
    return now;
  }

  private void cancel(CommandId id) {
    fleet.server.commands().cancel(edge.id(), id, "bob");
    fleet.time.runDue();
  }

  private void restartServer() {
    fleet.crashAndRestart(Duration.ofSeconds(2));
    agent = fleet.agentAfterRestart(agent);
    agent.beat();
    fleet.time.runDue();
  }

  // ---------------------------------------------------------------- what is to be seen then

  private CommandRow command(CommandId id) {
    return fleet.server.commands().find(edge.id(), id).orElseThrow();
  }

  private DeploymentRow row() {
    return fleet.server.deployments().find(edge.id(), "web").orElseThrow().deployment();
  }

  private String applied() {
    return row().applied().status().wireName() + ": " + row().applied().reason();
  }

  private List<Status> history() {
    return fleet.server.deployments().history(edge.id(), "web").stream()
        .map(ApplyRow::status)
        .toList();
  }

  private int incidents() {
    Set<ClusterId> here = Set.of(edge.id());
    return Stream.of(IncidentFilter.FIRING, IncidentFilter.ALL)
        .map(filter -> fleet.server.incidents().list(here, filter, Page.Request.FIRST))
        .mapToInt(page -> page.items().size())
        .sum();
  }

  private int told(String kind) {
    return Collections.frequency(fleet.kinds(edge.id()), kind);
  }

  private void assertFailedInPartOnce(CommandId id) {
    assertThat(command(id).state()).isEqualTo(CommandState.FAILED);
    assertThat(command(id).lateResult()).isNull();
    assertThat(history()).containsExactly(Status.PARTIAL);
    assertThat(row().applied().status()).isEqualTo(Status.PARTIAL);
    assertThat(incidents()).as("one, and that is open").isEqualTo(2);
    assertThat(told("apply_finished")).isEqualTo(1);
    assertThat(told("incident_opened")).isEqualTo(1);
    assertThat(told("command_late")).isZero();
    assertThat(fleet.status(edge.id())).isEqualTo(ClusterStatus.WARNING);
  }

  private boolean dies(BooleanSupplier work) {
    try {
      work.getAsBoolean();
      return false;
    } catch (CrashingStores.Crash e) {
      return true;
    } finally {
      stores.heal();
    }
  }

  // ---------------------------------------------------------------- the server dies

  @ParameterizedTest
  @EnumSource(Kept.class)
  void a_server_that_dies_at_any_call_of_taking_a_result_ends_the_apply_once(Kept kept) {
    start(kept);
    boolean died = true;
    for (int calls = 0; died; calls++) {
      join("edge-" + calls);
      CommandId id = put();
      taken();
      stores.crashAfter(calls);
      died = dies(() -> result(id, CommandState.FAILED, HALF).isFinal());
      restartServer();
      assertThat(result(id, CommandState.FAILED, HALF)).isEqualTo(CommandState.FAILED);
      assertFailedInPartOnce(id);
    }
    assertThat(history()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(Kept.class)
  void a_result_that_came_while_the_store_failed_counts_once_and_its_incident_is_seen(Kept kept) {
    start(kept);
    int seenLater = 0;
    for (int calls = 0; calls < 40; calls++) {
      join("edge-" + calls);
      CommandId id = put();
      taken();
      stores.crashAfter(calls);
      boolean died = dies(() -> result(id, CommandState.FAILED, HALF).isFinal());
      if (died) {
        result(id, CommandState.FAILED, HALF);
      } else if (fleet.status(edge.id()) == ClusterStatus.HEALTHY) {
        seenLater++;
      }
      fleet.pass(Duration.ofSeconds(10));
      assertFailedInPartOnce(id);
    }
    assertThat(seenLater).as("times that incidents could not be read again").isPositive();
  }

  @ParameterizedTest
  @EnumSource(Kept.class)
  void a_server_that_dies_while_it_is_asked_has_stored_all_or_nothing(Kept kept) {
    start(kept);
    boolean died = true;
    for (int calls = 0; died; calls++) {
      join("edge-" + calls);
      stores.crashAfter(calls);
      died = dies(() -> put() != null);
      restartServer();
      boolean stored = fleet.server.deployments().find(edge.id(), "web").isPresent();
      assertThat(stored).as("after %d calls", calls).isEqualTo(!died);
      assertThat(poll()).hasSize(stored ? 1 : 0);
    }
  }

  @ParameterizedTest
  @EnumSource(Kept.class)
  void an_apply_that_runs_while_the_server_dies_is_not_begun_again(Kept kept) {
    start(kept);
    CommandId id = put();
    taken();
    restartServer();
    assertThat(poll()).isEmpty();
    fleet.beatFor(Duration.ofMinutes(2), agent);
    assertThat(poll()).isEmpty();
    assertThat(result(id, CommandState.SUCCEEDED, GOOD)).isEqualTo(CommandState.SUCCEEDED);
    assertThat(command(id).attempt()).isEqualTo(1);
    assertThat(applied()).isEqualTo("succeeded: null");
  }

  // ---------------------------------------------------------------- one agent follows another

  @ParameterizedTest
  @EnumSource(Kept.class)
  void what_a_superseded_agent_failed_at_while_the_newer_one_applies_decides_nothing(Kept kept) {
    start(kept);
    CommandId id = put();
    taken();
    FakeAgent old = agent.copy();
    agent.restart().granted("apply").beat();
    var poll = agent.poll(55, 4);
    fleet.pass(HAND_OVER);
    assertThat(poll.join().commands()).extracting(CommandOffer::attempt).containsExactly(2);
    agent.holds(id, CommandState.RUNNING, 2).poll(0, 4);

    assertThat(old.result(id, 1, CommandState.RUNNING, null).state().isFinal()).isFalse();
    assertThat(old.result(id, 1, CommandState.FAILED, HALF).state().isFinal()).isFalse();
    assertThat(applied()).isEqualTo("pending: null");
    agent.result(id, 2, CommandState.SUCCEEDED, GOOD);
    assertThat(applied()).isEqualTo("succeeded: null");
    assertThat(incidents()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Kept.class)
  void what_a_superseded_agent_finished_ends_the_apply_and_the_newer_one_changes_nothing(
      Kept kept) {
    start(kept);
    CommandId id = put();
    taken();
    FakeAgent old = agent.copy();
    agent.restart().granted("apply").beat();
    agent.poll(55, 4);
    fleet.pass(HAND_OVER);
    agent.holds(id, CommandState.RUNNING, 2).poll(0, 4);

    old.result(id, 1, CommandState.SUCCEEDED, GOOD);
    assertThat(applied()).isEqualTo("succeeded: null");
    assertThat(agent.result(id, 2, CommandState.FAILED, HALF).state())
        .isEqualTo(CommandState.SUCCEEDED);
    assertThat(applied()).isEqualTo("succeeded: null");
    assertThat(history()).containsExactly(Status.SUCCEEDED);
    assertThat(command(id).lateResult().text()).contains("\"failed\"", "partial");
    assertThat(fleet.kinds(edge.id())).startsWith("command_late", "apply_finished");
    assertThat(incidents()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Kept.class)
  void what_a_superseded_agent_held_goes_to_the_newer_one_as_soon_as_it_says_goodbye(Kept kept) {
    start(kept);
    CommandId id = put();
    taken();
    FakeAgent old = agent.copy();
    agent.restart().granted("apply").beat();
    var poll = agent.poll(55, 4);
    fleet.pass(Duration.ofSeconds(3));
    assertThat(poll).isNotDone();
    old.goodbye("SIGTERM");
    fleet.time.runDue();
    assertThat(poll.join().commands()).extracting(CommandOffer::attempt).containsExactly(2);
    agent.result(id, 2, CommandState.SUCCEEDED, GOOD);
    assertThat(applied()).isEqualTo("succeeded: null");
  }

  // ---------------------------------------------------------------- deadlines

  @ParameterizedTest
  @EnumSource(Kept.class)
  void an_offer_that_got_lost_expires_with_its_deadline_and_was_never_begun(Kept kept) {
    start(kept);
    CommandId id = put();
    fleet.beatFor(Duration.ofMinutes(60).minusSeconds(15), agent);
    poll();
    fleet.pass(Duration.ofSeconds(20));
    assertThat(command(id).state()).isEqualTo(CommandState.OFFERED);
    assertThat(poll()).isEmpty();
    assertThat(command(id).state()).isEqualTo(CommandState.EXPIRED);
    assertThat(applied())
        .isEqualTo("failed: expired: the deadline passed and the agent does not hold it");
    assertThat(history()).containsExactly(Status.FAILED);
  }

  @ParameterizedTest
  @EnumSource(Kept.class)
  void a_result_after_the_end_changes_nothing_and_is_seen(Kept kept) {
    start(kept);
    CommandId id = put();
    poll();
    fleet.beatFor(Duration.ofMinutes(61), agent);
    assertThat(command(id).reason()).startsWith("outcome_unknown: ");
    assertThat(applied()).startsWith("failed: outcome_unknown: ");
    assertThat(fleet.openTypes(edge.id())).containsExactly(IncidentType.DEPLOYMENT_FAILED);
    DeploymentRow before = row();

    assertThat(result(id, CommandState.SUCCEEDED, GOOD)).isEqualTo(CommandState.FAILED);
    assertThat(result(id, CommandState.CANCELLED, GOOD)).isEqualTo(CommandState.FAILED);

    assertThat(row()).isEqualTo(before);
    assertThat(history()).containsExactly(Status.FAILED);
    assertThat(incidents()).isEqualTo(2);
    assertThat(command(id).lateResult().text()).startsWith("{\"state\":\"succeeded\"");
    assertThat(told("command_late")).isEqualTo(1);
    assertThat(told("apply_finished")).isEqualTo(1);
  }

  // ---------------------------------------------------------------- cancelling

  @ParameterizedTest
  @EnumSource(Kept.class)
  void what_no_agent_has_taken_is_cancelled_at_once(Kept kept) {
    start(kept);
    CommandId apply = put();
    cancel(apply);
    assertThat(applied()).isEqualTo("failed: cancelled: cancelled by bob");
    put();
    result(taken(), CommandState.SUCCEEDED, GOOD);
    CommandId diff = diff();
    cancel(diff);
    CommandId delete = delete();
    cancel(delete);
    assertThat(row().wanted().deleted()).isFalse();
    assertThat(applied()).startsWith("failed: the deletion ended failed: cancelled: ");
    CommandId update = update("1");
    cancel(update);
    assertThat(AgentUpdate.of(command(update)).state()).isEqualTo(AgentUpdate.State.CANCELLED);
    for (CommandId id : List.of(apply, diff, delete, update)) {
      assertThat(command(id).state()).isEqualTo(CommandState.CANCELLED);
      assertCode(() -> cancel(id), ErrorCode.COMMAND_FINISHED);
    }
    assertThat(poll()).isEmpty();
    assertThat(incidents()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Kept.class)
  void what_was_offered_and_never_arrived_is_cancelled_by_the_next_poll(Kept kept) {
    start(kept);
    put();
    result(taken(), CommandState.SUCCEEDED, GOOD);
    for (Supplier<CommandId> wish : List.<Supplier<CommandId>>of(this::put, () -> update("1"))) {
      CommandId id = wish.get();
      poll();
      cancel(id);
      assertThat(command(id).state()).isEqualTo(CommandState.OFFERED);
      assertThat(poll()).isEmpty();
      assertThat(command(id).state()).isEqualTo(CommandState.CANCELLED);
    }
    assertThat(applied()).startsWith("failed: cancelled: ");
    CommandId delete = delete();
    poll();
    cancel(delete);
    poll();
    assertThat(command(delete).state()).isEqualTo(CommandState.CANCELLED);
    assertThat(row().wanted().deleted()).isFalse();
    assertThat(incidents()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Kept.class)
  void what_runs_is_asked_to_stop_and_ends_as_its_agent_says(Kept kept) {
    start(kept);
    put();
    CommandId stopped = taken();
    cancel(stopped);
    PollReply told = agent.poll(0, 4).join();
    assertThat(told.cancel()).containsExactly(stopped);
    result(stopped, CommandState.CANCELLED, HALF);
    assertThat(row().applied().status()).isEqualTo(Status.PARTIAL);
    agent.drops(stopped);

    put();
    CommandId finished = taken();
    cancel(finished);
    result(finished, CommandState.SUCCEEDED, GOOD);
    assertThat(applied()).isEqualTo("succeeded: null");
    assertCode(() -> cancel(finished), ErrorCode.COMMAND_FINISHED);
    agent.drops(finished);

    CommandId update = update("1");
    taken();
    cancel(update);
    result(update, CommandState.FAILED, new RawJson("{\"image\":\"a@b\",\"before\":\"a@b\"}"));
    assertThat(AgentUpdate.of(command(update)).state()).isEqualTo(AgentUpdate.State.ROLLED_BACK);
    assertThat(incidents()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Kept.class)
  void what_was_to_stop_when_its_agent_went_away_is_not_begun_again(Kept kept) {
    start(kept);
    CommandId id = put();
    taken();
    cancel(id);
    agent.restart().granted("apply").beat();
    var poll = agent.poll(55, 4);
    fleet.pass(HAND_OVER);
    fleet.pass(Duration.ofSeconds(30));
    assertThat(poll.join().commands()).isEmpty();
    assertThat(applied()).startsWith("failed: outcome_unknown: it was to be cancelled");
    assertThat(history()).containsExactly(Status.FAILED);
  }

  // ---------------------------------------------------------------- the same wish twice

  @ParameterizedTest
  @EnumSource(Kept.class)
  void an_image_that_is_wanted_twice_is_one_command_until_it_has_ended(Kept kept) {
    start(kept);
    CommandId first = update("1");
    assertThat(update("1")).isEqualTo(first);
    taken();
    assertThat(update("1")).as("also while it is rolling").isEqualTo(first);
    assertThat(told("command_sent")).isEqualTo(1);

    CommandId other = update("2");
    assertThat(other).isNotEqualTo(first);
    CommandId back = update("1");
    assertThat(back).as("after another one it is news").isNotIn(first, other);
    result(first, CommandState.SUCCEEDED, RawJson.EMPTY);
    cancel(back);
    assertThat(update("2")).isEqualTo(other);
  }
}
