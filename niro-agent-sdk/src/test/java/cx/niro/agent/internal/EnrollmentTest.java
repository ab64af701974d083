package cx.niro.agent.internal;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.KeyStores;
import cx.niro.agent.spi.KeyStore;
import cx.niro.agent.spi.StoredKeys;
import cx.niro.agent.testkit.FakeCluster;
import cx.niro.agent.testkit.Trouble;
import cx.niro.core.Credential;
import cx.niro.core.ErrorCode;
import cx.niro.core.protocol.EnrollRequest;
import cx.niro.core.protocol.Protocol;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EnrollmentTest {
  private final StepAgent step = new StepAgent();

  @Test
  void a_token_becomes_a_key_and_the_token_is_not_needed_again() throws IOException {
    step.start();

    assertThat(step.heard).containsExactly("enrolled cluster-1");
    StoredKeys stored = step.stored();
    assertThat(stored.current()).isEqualTo(step.cluster.key().orElseThrow());
    assertThat(stored.clusterId()).isEqualTo(step.cluster.id());
    assertThat(
            List.of(
                Optional.ofNullable(stored.requestId()), Optional.ofNullable(stored.candidate())))
        .containsOnly(Optional.empty());

    step.start(step.options().token(null));

    assertThat(step.cluster.enrollments()).hasSize(1);
    assertThat(step.beats()).hasSize(2);
  }

  @Test
  void the_request_id_is_stored_before_it_is_sent() {
    List<String> order = new ArrayList<>();
    KeyStore inner = step.keys;
    step.keys =
        new KeyStore() {
          @Override
          public Optional<StoredKeys> load() throws IOException {
            return inner.load();
          }

          @Override
          public void save(StoredKeys keys) throws IOException {
            order.add("saved " + keys.requestId() + " after " + step.cluster.enrollments().size());
            inner.save(keys);
          }
        };
    step.start();

    EnrollRequest sent = step.cluster.enrollments().get(0);
    assertThat(order.get(0)).isEqualTo("saved " + sent.requestId() + " after 0");
    assertThat(sent.requestId()).hasSize(22);
    assertThat(sent.kubeSystemUid()).isEqualTo(step.content.info().kubeSystemUid());
  }

  @Test
  void a_lost_answer_is_asked_for_again_with_the_same_request_id() {
    step.server.next(Protocol.ENROLL, Trouble.loseAnswer());
    step.server.next(Protocol.ENROLL, Trouble.loseAnswer());
    step.start();
    step.seconds(10);

    assertThat(step.cluster.enrollments()).hasSize(3);
    assertThat(step.cluster.enrollments().stream().map(EnrollRequest::requestId).distinct())
        .hasSize(1);
    assertThat(step.heard).containsExactly("enrolled cluster-1");
    assertThat(step.cluster.candidates()).isZero();
  }

  @Test
  void a_lost_answer_survives_a_crash() {
    step.server.next(Protocol.ENROLL, Trouble.loseAnswer());
    step.start().abandon();
    step.start();

    assertThat(step.cluster.enrollments().stream().map(EnrollRequest::requestId).distinct())
        .hasSize(1);
    assertThat(step.heard).containsExactly("enrolled cluster-1");
  }

  @Test
  void a_crash_between_storing_a_candidate_and_using_it_leaves_a_working_key() {
    step.server.next(Protocol.HEARTBEAT, Trouble.loseRequest());
    step.start().abandon();
    assertThat(step.stored().candidate()).isNotNull();
    assertThat(step.stored().current()).isNull();

    step.start();

    assertThat(step.cluster.enrollments()).hasSize(1);
    assertThat(step.heard).containsExactly("enrolled cluster-1");
    assertThat(step.stored().current()).isEqualTo(step.cluster.key().orElseThrow());
  }

  @Test
  void an_agent_whose_key_never_worked_repeats_the_exchange() throws IOException {
    step.server.next(Protocol.HEARTBEAT, Trouble.refuse(ErrorCode.KEY_UNKNOWN));
    step.start();

    assertThat(step.cluster.enrollments()).hasSize(2);
    assertThat(step.cluster.enrollments().stream().map(EnrollRequest::requestId).distinct())
        .hasSize(1);
    assertThat(step.heard).containsExactly("enrolled cluster-1");
  }

  @Test
  void a_token_that_somebody_else_used_is_told_once_and_tried_every_15_minutes() {
    step.server.next(Protocol.ENROLL, Trouble.refuse(ErrorCode.TOKEN_USED));
    step.server.next(Protocol.ENROLL, Trouble.refuse(ErrorCode.TOKEN_USED));
    step.start();
    step.after(Duration.ofMinutes(13));
    assertThat(step.transport.calls(Protocol.ENROLL)).hasSize(1);

    step.after(Duration.ofMinutes(5));

    assertThat(step.transport.calls(Protocol.ENROLL)).hasSize(2);
    assertThat(step.heard).containsExactly("enrollment refused token_used");
  }

  @Test
  void a_new_token_wins_over_a_stored_key() {
    step.start().abandon();
    FakeCluster other = step.server.newCluster();

    step.start(step.options().token(other.token()));

    assertThat(step.heard).containsExactly("enrolled cluster-1", "enrolled cluster-2");
    assertThat(other.beats()).hasSize(1);
    assertThat(step.stored().clusterId()).isEqualTo(other.id());
  }

  @Test
  void when_a_new_token_is_refused_the_key_from_before_goes_on() {
    step.start().abandon();
    String unknown = Credential.mint(Credential.Kind.ENROLLMENT_TOKEN, new Random(3)).secretText();

    step.start(step.options().token(unknown));

    assertThat(step.heard)
        .containsExactly("enrolled cluster-1", "enrollment refused token_unknown");
    assertThat(step.beats()).hasSize(2);
    assertThat(step.stored().current()).isEqualTo(step.cluster.key().orElseThrow());

    step.start(step.options().token(unknown));
    assertThat(step.transport.calls(Protocol.ENROLL)).as("not tried again").hasSize(2);
  }

  @Test
  void after_a_revocation_a_new_token_works_at_once() {
    step.start().abandon();
    step.cluster.revoke();
    step.start().abandon();
    assertThat(step.heard).containsExactly("enrolled cluster-1", "key refused key_revoked");

    FakeCluster again = step.server.newCluster();
    step.start(step.options().token(again.token()));

    assertThat(step.heard).last().isEqualTo("enrolled cluster-2");
    assertThat(again.beats()).hasSize(1);
  }

  @Test
  void a_key_that_cannot_be_stored_is_not_used() {
    KeyStore memory = KeyStores.inMemory();
    boolean[] full = {false};
    step.keys =
        new KeyStore() {
          @Override
          public Optional<StoredKeys> load() throws IOException {
            return memory.load();
          }

          @Override
          public void save(StoredKeys keys) throws IOException {
            if (full[0] && keys.candidate() != null) {
              throw new IOException("disk full");
            }
            memory.save(keys);
          }
        };
    full[0] = true;
    step.start();
    assertThat(step.transport.calls(Protocol.HEARTBEAT)).isEmpty();

    full[0] = false;
    step.seconds(5);

    assertThat(step.heard).containsExactly("enrolled cluster-1");
  }

  @Test
  void an_agent_without_key_and_token_waits_for_somebody_to_store_a_key() throws IOException {
    step.start();
    StoredKeys elsewhere = step.stored();
    step.keys = KeyStores.inMemory();
    step.start(step.options().token(null));
    int before = step.transport.calls.size();

    step.keys.save(elsewhere);
    step.after(Duration.ofMinutes(17));

    assertThat(step.transport.calls.size()).isGreaterThan(before);
  }

  @Test
  void a_store_is_told_when_the_token_is_spent() {
    List<String> told = new ArrayList<>();
    KeyStore memory = KeyStores.inMemory();
    step.keys =
        new KeyStore() {
          @Override
          public Optional<StoredKeys> load() throws IOException {
            return memory.load();
          }

          @Override
          public void save(StoredKeys keys) throws IOException {
            memory.save(keys);
          }

          @Override
          public void tokenSpent() {
            told.add("spent after " + step.beats().size() + " beats");
          }
        };
    step.start();
    step.seconds(60);

    assertThat(told).containsExactly("spent after 1 beats");
  }
}
