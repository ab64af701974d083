package cx.niro.server.internal;

import cx.niro.server.internal.replica.Leases;
import cx.niro.server.internal.replica.TouchingStores;
import cx.niro.server.spi.ClusterSignals;
import cx.niro.server.spi.Stores;

/**
 * How this server shares its stores with others.
 *
 * @param me its name among them, another one with each start
 * @param given the stores as they were handed in, for what others need not hear of
 * @param stores the same, for everything that they do
 */
record Sharing(String me, Stores given, Stores stores, Leases leases, ClusterSignals signals) {
  static Sharing of(Stores given, ClusterSignals signals, Platform platform, Work work) {
    if (!given.isShared()) {
      Leases alone = new Leases(given, platform, "");
      return new Sharing("", given, given, alone, ClusterSignals.NONE);
    }
    String me = platform.newId();
    Nudge send = new Nudge(platform, work, "telling other servers", () -> signals.send(me));
    boolean silent = signals == ClusterSignals.NONE;
    Stores telling =
        new TouchingStores(
            given, platform.clock(), me, silent ? clusters -> {} : clusters -> send.run());
    return new Sharing(me, given, telling, new Leases(given, platform, me), signals);
  }
}
