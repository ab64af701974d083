package cx.niro.agent.internal;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.testkit.Trouble;
import cx.niro.core.ErrorCode;
import cx.niro.core.protocol.KeyRequest;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.protocol.Protocol;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class KeyRotationTest {
  private final StepAgent step = new StepAgent();

  @Test
  void an_offered_rotation_changes_the_key_with_the_next_beat() {
    step.start();
    String first = step.cluster.key().orElseThrow();
    step.cluster.wantRotation();
    step.seconds(60);

    String second = step.cluster.key().orElseThrow();
    assertThat(second).isNotEqualTo(first);
    assertThat(step.stored().current()).isEqualTo(second);
    assertThat(step.stored().previous()).isEqualTo(first);
    assertThat(step.stored().candidate()).isNull();
    assertThat(step.transport.calls(Protocol.KEYS)).hasSize(1);
    assertThat(step.failures).isEmpty();
  }

  @Test
  void a_lost_answer_is_asked_for_again_with_the_same_request_id() {
    step.server.next(Protocol.KEYS, Trouble.loseAnswer());
    step.start();
    step.cluster.wantRotation();
    step.seconds(17);
    step.cluster.wantRotation();
    step.seconds(60);

    NiroCodec codec = NiroCodec.create();
    assertThat(step.transport.calls(Protocol.KEYS))
        .hasSize(2)
        .extracting(call -> codec.decode(KeyRequest.class, call.body()).requestId())
        .containsOnly(
            codec
                .decode(KeyRequest.class, step.transport.calls(Protocol.KEYS).get(0).body())
                .requestId());
    assertThat(step.stored().current()).isEqualTo(step.cluster.key().orElseThrow());
  }

  @Test
  void a_crash_between_storing_the_new_key_and_using_it_leaves_a_working_key() {
    AgentRuntime agent = step.start();
    String first = step.cluster.key().orElseThrow();
    step.cluster.wantRotation();
    step.seconds(17);
    agent.abandon();
    assertThat(step.stored().candidate()).isNotNull();
    assertThat(step.stored().current()).isEqualTo(first);

    step.start();

    assertThat(step.cluster.key().orElseThrow()).isNotEqualTo(first);
    assertThat(step.stored().current()).isEqualTo(step.cluster.key().orElseThrow());
  }

  @Test
  void when_the_new_key_is_refused_the_present_one_goes_on() {
    step.start();
    step.cluster.wantRotation();
    step.server.next(Protocol.POLL, Trouble.loseRequest());
    step.seconds(17);
    int before = step.beats().size();
    step.server.next(Protocol.HEARTBEAT, Trouble.refuse(ErrorCode.KEY_UNKNOWN));
    step.seconds(17);

    assertThat(step.beats().size()).isGreaterThan(before);
    assertThat(step.heard).containsExactly("enrolled cluster-1");
  }

  @Test
  void a_revoked_agent_tells_once_and_tries_every_15_minutes() {
    step.start();
    step.cluster.revoke();
    step.time.runDue();
    assertThat(step.heard).containsExactly("enrolled cluster-1", "key refused key_revoked");
    int calls = step.transport.calls.size();

    step.after(Duration.ofMinutes(13));
    assertThat(step.transport.calls).hasSize(calls);
    step.after(Duration.ofMinutes(60));

    assertThat(step.transport.calls.size() - calls).isBetween(4, 5);
    assertThat(step.heard).hasSize(2);
  }

  @Test
  void a_key_that_was_stored_meanwhile_is_found_after_a_refusal() throws IOException {
    step.start();
    String dead = step.stored().current();
    var other = step.server.newCluster();
    StepAgent elsewhere = new StepAgent();
    AgentRuntime helper =
        new AgentRuntime(
            step.options().token(other.token()).keyStore(elsewhere.keys).build(),
            step.resources,
            step.transport);
    helper.start();
    step.time.runDue();
    helper.abandon();
    step.keys.save(elsewhere.stored());
    step.cluster.revoke();
    step.time.runDue();

    assertThat(dead).isNotNull();
    assertThat(other.beats()).hasSize(2);
    assertThat(step.heard).doesNotContain("key refused key_revoked");
  }
}
