package cx.niro.agent.internal;

import cx.niro.agent.AgentOptions;
import cx.niro.agent.spi.CommandHandler;
import cx.niro.agent.spi.InventorySource;
import cx.niro.agent.spi.LogSource;
import cx.niro.agent.spi.Observation;
import cx.niro.core.snapshot.Capabilities;
import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.core.snapshot.SectionStatus.State;
import cx.niro.core.snapshot.Usage;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the inventory source, adds what the agent knows of itself, and makes do with the last good
 * answer when the source fails. Confined to the heartbeat lane.
 */
final class Collector {
  private static final Logger log = LoggerFactory.getLogger(Collector.class);

  private final InventorySource source;
  private final String agentVersion;
  private final long startedAt;
  private final @Nullable LogSource logs;
  private final Set<String> ownKinds = new TreeSet<>();
  private ClusterSnapshot lastGood = ClusterSnapshot.EMPTY;
  private long failures;

  Collector(AgentOptions options, long startedAt) {
    source = options.inventory();
    agentVersion = options.agentVersion();
    logs = options.logSource().orElse(null);
    this.startedAt = startedAt;
    for (CommandHandler handler : options.commandHandlers()) {
      if (handler.kind().contains(".")) {
        ownKinds.add(handler.kind());
        if (handler.idempotent()) {
          ownKinds.add(Capabilities.idempotent(handler.kind()));
        }
      }
    }
  }

  Observation collect() {
    try {
      Observation seen = source.collect();
      lastGood = withAgent(seen.snapshot());
      if (failures > 0) {
        log.info("The inventory can be collected again, after {} failures", failures);
      }
      failures = 0;
      return new Observation(lastGood, seen.usage());
    } catch (Exception e) {
      return failed(e);
    }
  }

  private Observation failed(Exception e) {
    if (e instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    failures++;
    if (failures == 1) {
      log.warn("The inventory could not be collected; beats go on with the last one", e);
    }
    ClusterSnapshot stale = lastGood.equals(ClusterSnapshot.EMPTY) ? withAgent(lastGood) : lastGood;
    String reason = "collecting failed: " + e.getClass().getSimpleName();
    Map<Section, SectionStatus> sections = new EnumMap<>(Section.class);
    stale
        .sections()
        .forEach(
            (section, was) ->
                sections.put(
                    section,
                    was.state() == State.OFF
                        ? was
                        : new SectionStatus(State.ERROR, was.total(), was.dropped(), reason)));
    return new Observation(
        new ClusterSnapshot(stale.info(), sections, stale.objects()), Usage.EMPTY);
  }

  private ClusterSnapshot withAgent(ClusterSnapshot seen) {
    ClusterInfo info = seen.info();
    Set<String> capabilities = new TreeSet<>(info.capabilities().names());
    capabilities.addAll(ownKinds);
    if (logs != null && logs.isGranted()) {
      capabilities.add(Capabilities.LOGS);
    }
    return new ClusterSnapshot(
        new ClusterInfo(
            info.agentVersion() == null ? agentVersion : info.agentVersion(),
            info.kubernetesVersion(),
            info.distribution(),
            info.kubeSystemUid(),
            info.agentStartedAt() == null ? Long.valueOf(startedAt) : info.agentStartedAt(),
            new Capabilities(capabilities),
            info.api(),
            info.managed()),
        seen.sections(),
        seen.objects());
  }
}
