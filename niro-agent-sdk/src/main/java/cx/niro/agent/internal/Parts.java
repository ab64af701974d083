package cx.niro.agent.internal;

import cx.niro.agent.AgentOptions;
import cx.niro.agent.AgentResources;
import cx.niro.core.BootId;
import cx.niro.core.protocol.NiroCodec;

/** What the loops of one agent share; all of it is safe for use by any of its lanes. */
record Parts(
    AgentOptions options,
    AgentResources resources,
    NiroCodec codec,
    BootId bootId,
    KeyRing keys,
    Exchanges exchanges,
    ListenerCalls listener) {

  long nanos() {
    return resources.nanos().getAsLong();
  }

  /** A number from 0 to 1, drawn anew. */
  double drawn() {
    return resources.random().nextDouble();
  }
}
