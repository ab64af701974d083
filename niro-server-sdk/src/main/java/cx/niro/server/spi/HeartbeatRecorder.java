package cx.niro.server.spi;

import cx.niro.core.ClusterId;
import cx.niro.core.protocol.Heartbeat;
import java.time.Instant;

/** Takes heartbeats down, for example to replay them through other rules. */
@FunctionalInterface
public interface HeartbeatRecorder {
  /**
   * The server accepted this heartbeat. Called on the thread that answers the agent, so it must be
   * quick; from several threads at once for different clusters. What it throws is logged, and
   * changes nothing.
   */
  void record(ClusterId cluster, Instant receivedAt, Heartbeat beat);
}
