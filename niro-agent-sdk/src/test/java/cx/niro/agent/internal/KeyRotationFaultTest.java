package cx.niro.agent.internal;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.spi.KeyStore;
import cx.niro.agent.spi.StoredKeys;
import cx.niro.agent.testkit.Trouble;
import cx.niro.core.protocol.EnrollRequest;
import cx.niro.core.protocol.Protocol;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** One key takes the place of another, whatever dies on the way. */
class KeyRotationFaultTest {
  private final StepAgent step = new StepAgent();

  private static AgentRuntime start(StepAgent step, Life life) {
    AgentRuntime agent =
        new AgentRuntime(
            step.options().keyStore(life.mortal(step.keys)).build(),
            step.resources,
            life.mortal(step.transport));
    agent.start();
    step.time.runDue();
    return agent;
  }

  private static void assertWorks(StepAgent step, String what) {
    int before = step.beats().size();
    step.seconds(40);
    assertThat(step.beats().size() - before).as(what).isGreaterThanOrEqualTo(2);
    String key = step.cluster.key().orElseThrow();
    assertThat(step.stored().current()).as(what).isEqualTo(key);
    assertThat(step.cluster.enrollments().stream().map(EnrollRequest::requestId).distinct())
        .as(what)
        .hasSize(1);
    assertThat(step.heard).as(what).noneMatch(told -> told.startsWith("key refused"));
  }

  @Test
  void a_death_at_any_moment_of_an_enrollment_and_a_rotation_leaves_a_working_key() {
    int moment = 0;
    boolean survived = false;
    while (!survived) {
      moment++;
      StepAgent one = new StepAgent();
      Life life = new Life(moment);
      AgentRuntime mortal = start(one, life);
      one.seconds(20);
      one.cluster.wantRotation();
      one.seconds(40);
      survived = !life.isOver();
      mortal.abandon();

      one.start();
      assertWorks(one, "died at moment " + moment);
      one.cluster.wantRotation();
      String before = one.cluster.key().orElseThrow();
      one.seconds(40);
      assertThat(one.cluster.key())
          .as("after moment " + moment)
          .isNotEmpty()
          .get()
          .isNotEqualTo(before);
      assertWorks(one, "rotated after moment " + moment);
    }
    assertThat(moment).as("moments of a whole rotation").isGreaterThan(20);
  }

  @Test
  void an_answer_to_the_first_use_that_is_lost_changes_nothing() {
    step.start();
    step.cluster.wantRotation();
    step.seconds(13);
    step.server.next(Protocol.HEARTBEAT, Trouble.loseAnswer());
    step.server.next(Protocol.POLL, Trouble.loseRequest());
    step.seconds(40);

    assertWorks(step, "afterwards");
    assertThat(step.stored().previous()).isNotNull();
  }

  @Test
  void after_a_restore_of_the_server_the_key_from_before_goes_on() throws IOException {
    step.start().abandon();
    StoredKeys then = step.stored();
    String lost = "niro_ak_BOdP2KCy3PZE1kFufyPEQPRCRb8TcvfGEj82VXiKO7G1LGJXZpX495p8sc14DNY2R";
    step.keys.save(
        new StoredKeys(null, then.tokenId(), lost, then.current(), null, then.clusterId()));

    step.start();

    assertWorks(step, "with the key that the restored server knows");
    assertThat(step.cluster.enrollments()).hasSize(1);
  }

  @Test
  void a_pod_that_was_overtaken_never_writes_over_the_other_ones_keys() {
    SharedRecord record = new SharedRecord();
    step.keys = record.opened();
    step.start();
    String first = step.cluster.key().orElseThrow();

    step.cluster.wantRotation();
    step.seconds(13);
    AgentRuntime next = step.start(step.options().keyStore(record.opened()));
    step.seconds(60);

    assertThat(record.there().current()).isEqualTo(step.cluster.key().orElseThrow());
    assertThat(record.there().current()).isNotEqualTo(first);
    next.abandon();
  }

  @Test
  void a_pod_that_was_overtaken_reads_again_and_rotates_with_the_next_offer() throws IOException {
    SharedRecord record = new SharedRecord();
    step.keys = record.opened();
    step.start();
    String first = step.cluster.key().orElseThrow();
    KeyStore other = record.opened();
    StoredKeys there = other.load().orElseThrow();
    other.save(KeySteps.rotating(there, "another-pods-request-id-1"));

    step.cluster.wantRotation();
    step.seconds(20);
    assertThat(step.cluster.key()).as("overtaken").contains(first);
    step.cluster.wantRotation();
    step.seconds(40);

    assertThat(step.cluster.key()).isNotEmpty().get().isNotEqualTo(first);
    assertThat(record.there().current()).isEqualTo(step.cluster.key().orElseThrow());
  }

  @Test
  void pods_that_overlap_rotate_and_die_at_random_and_the_last_one_has_a_working_key() {
    for (int seed = 0; seed < 100; seed++) {
      new Rollouts(seed).run();
    }
  }

  /** Pods of one Deployment that come, rotate and go. */
  private static final class Rollouts {
    final StepAgent step = new StepAgent();
    final SharedRecord record = new SharedRecord();
    final List<AgentRuntime> pods = new ArrayList<>();
    final Random random;
    final String what;

    Rollouts(int seed) {
      random = new Random(seed);
      what = "seed " + seed;
      begin(Integer.MAX_VALUE);
    }

    private void begin(int moments) {
      step.keys = record.opened();
      pods.add(start(step, new Life(moments)));
    }

    void run() {
      for (int i = 0; i < 40; i++) {
        act();
      }
      pods.forEach(AgentRuntime::abandon);
      step.keys = record.opened();
      step.start();
      step.seconds(60);
      assertWorks(step, what);
    }

    private void act() {
      switch (random.nextInt(7)) {
        case 0 -> step.cluster.wantRotation();
        case 1 -> {
          if (pods.size() < 3) {
            begin(random.nextBoolean() ? Integer.MAX_VALUE : 1 + random.nextInt(30));
          }
        }
        case 2 -> {
          if (pods.size() > 1) {
            pods.remove(random.nextInt(pods.size())).abandon();
          }
        }
        case 3 -> step.server.next(Protocol.POLL, Trouble.loseRequest());
        case 4 ->
            step.server.next(
                random.nextBoolean() ? Protocol.KEYS : Protocol.HEARTBEAT,
                random.nextBoolean() ? Trouble.loseAnswer() : Trouble.loseRequest());
        default -> step.seconds(1 + random.nextInt(20));
      }
    }
  }
}
