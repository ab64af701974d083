package cx.niro.agent.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.agent.spi.InventorySource;
import cx.niro.agent.spi.Observation;
import cx.niro.core.protocol.Protocol;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosingTest {
  private final StepAgent step = new StepAgent();

  @Test
  void closing_says_goodbye_once_with_the_reason_and_nothing_is_heard_afterwards() {
    AgentRuntime agent = step.start();
    agent.close("node drained");
    agent.close("again");
    int calls = step.transport.calls.size();
    int heard = step.heard.size() + step.reports.size();
    step.seconds(600);

    assertThat(step.cluster.goodbyes()).containsExactly("node drained");
    assertThat(step.transport.calls).hasSize(calls);
    assertThat(step.heard.size() + step.reports.size()).isEqualTo(heard);
    assertThat(step.transport.closed).isTrue();
  }

  @Test
  void an_agent_starts_once() {
    AgentRuntime agent = step.start();
    assertThatThrownBy(agent::start).isInstanceOf(IllegalStateException.class);

    agent.close("over");
    assertThatThrownBy(agent::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("This agent was closed; make a new one");
  }

  @Test
  void the_inventory_source_is_closed_with_the_agent_but_given_resources_are_not() {
    List<String> closed = new ArrayList<>();
    InventorySource source =
        new InventorySource() {
          @Override
          public Observation collect() {
            return Observation.EMPTY;
          }

          @Override
          public void close() {
            closed.add("source");
          }
        };
    step.start(step.options().inventory(source)).close("over");

    assertThat(closed).containsExactly("source");
    assertThat(step.steps.isShutdown()).isFalse();
  }

  @Test
  void an_agent_may_be_closed_from_its_own_listener() {
    AgentRuntime[] agent = new AgentRuntime[1];
    agent[0] =
        new AgentRuntime(
            step.options()
                .listener(
                    new cx.niro.agent.AgentListener() {
                      @Override
                      public void beatAccepted(BeatReport report) {
                        agent[0].close("from within");
                      }
                    })
                .build(),
            step.resources,
            step.transport);
    agent[0].start();
    step.seconds(60);

    assertThat(step.cluster.goodbyes()).containsExactly("from within");
    assertThat(step.transport.calls(Protocol.HEARTBEAT)).hasSize(1);
  }

  @Test
  void an_agent_that_never_enrolled_has_nobody_to_say_goodbye_to() {
    AgentRuntime agent = step.start(step.options().token(null));
    agent.close("over");

    assertThat(step.transport.calls).isEmpty();
  }
}
