package cx.niro.server.http;

import cx.niro.core.ClusterId;
import cx.niro.core.ClusterStatus;
import cx.niro.core.ErrorCode;
import cx.niro.core.OrganizationId;
import cx.niro.core.RetryLaterException;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.server.Fleet;
import cx.niro.server.ServerListener;
import cx.niro.server.internal.rest.ChangeJson;
import cx.niro.server.spi.AccessControl.Caller;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.SilenceRow;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells every open {@code /api/v1/stream} what changed, by id. Status, incidents and commands are
 * told at once; changes of content are collected and told with the next {@link #tick}, once for
 * each cluster. A slow reader loses events and is told how many, and nothing ever waits for him.
 */
final class ChangeFeed implements ServerListener {
  static final int MAX_SUBSCRIBERS = 1000;

  private final Fleet fleet;
  private final NiroCodec codec;
  private final Set<Subscriber> subscribers = ConcurrentHashMap.newKeySet();
  private final Set<ClusterId> contentChanged = ConcurrentHashMap.newKeySet();

  /** Whose a cluster is, so that even its end is told to the right readers only. */
  private final Map<ClusterId, OrganizationId> owners = new ConcurrentHashMap<>();

  private final LongAdder missed = new LongAdder();

  ChangeFeed(Fleet fleet, NiroCodec codec) {
    this.fleet = fleet;
    this.codec = codec;
  }

  /**
   * A stream of the changes in the organizations that the caller sees.
   *
   * @throws RetryLaterException {@code overloaded} when there are too many already
   */
  NiroResponse.StreamBody subscribe(Access access) {
    if (subscribers.size() >= MAX_SUBSCRIBERS) {
      throw new RetryLaterException(
          ErrorCode.OVERLOADED, MAX_SUBSCRIBERS + " streams are open, which is the limit");
    }
    return sink -> {
      Subscriber subscriber = new Subscriber(access, sink, codec, missed);
      subscribers.add(subscriber);
      sink.onClose(() -> subscribers.remove(subscriber));
      subscriber.hello();
    };
  }

  /** Called once a second: tells collected changes and keeps quiet connections alive. */
  void tick() {
    Set<ClusterId> changed = new HashSet<>(contentChanged);
    contentChanged.removeAll(changed);
    changed.forEach(this::tellCluster);
    subscribers.forEach(Subscriber::tick);
  }

  /** Ends the streams of these callers. */
  void close(Predicate<Caller> whose) {
    subscribers.stream().filter(open -> whose.test(open.caller())).forEach(Subscriber::close);
  }

  /** Ends every stream. */
  void close() {
    subscribers.forEach(Subscriber::close);
  }

  /** Events that slow readers lost so far. */
  long missed() {
    return missed.sum();
  }

  int subscribers() {
    return subscribers.size();
  }

  @Override
  public void statusChanged(ClusterId cluster, ClusterStatus from, ClusterStatus to) {
    tellCluster(cluster);
  }

  @Override
  public void contentChanged(ClusterId cluster) {
    if (!subscribers.isEmpty()) {
      contentChanged.add(cluster);
    }
  }

  @Override
  public void incidentOpened(IncidentRow incident) {
    tellIncident(incident);
  }

  @Override
  public void incidentResolved(IncidentRow incident) {
    tellIncident(incident);
  }

  @Override
  public void commandFinished(CommandRow command) {
    OrganizationId owner = owner(command.cluster());
    if (owner != null) {
      commandChanged(command, owner);
    }
  }

  @Override
  public void clusterDeleted(ClusterId cluster) {
    OrganizationId owner = owners.get(cluster);
    if (owner != null) {
      clusterGone(cluster, owner);
    }
  }

  void clusterChanged(ClusterId cluster, OrganizationId owner) {
    owners.put(cluster, owner);
    tell("cluster", owner, new ChangeJson(cluster.value(), cluster.value(), null));
  }

  void clusterGone(ClusterId cluster, OrganizationId owner) {
    if (owners.remove(cluster) != null || fleet.cluster(cluster).isEmpty()) {
      tell("cluster", owner, new ChangeJson(cluster.value(), cluster.value(), null));
    }
  }

  void commandChanged(CommandRow command, OrganizationId owner) {
    tell("command", owner, new ChangeJson(command.cluster().value(), command.id().value(), null));
  }

  void incidentChanged(IncidentRow incident, OrganizationId owner) {
    String cluster = incident.cluster().value();
    tell("incident", owner, new ChangeJson(cluster, incident.id().value(), null));
  }

  void silenceChanged(SilenceRow silence) {
    tell("silence", silence.organization(), new ChangeJson(null, silence.id().value(), null));
  }

  private void tellIncident(IncidentRow incident) {
    OrganizationId owner = owner(incident.cluster());
    if (owner != null) {
      incidentChanged(incident, owner);
    }
  }

  private void tellCluster(ClusterId cluster) {
    OrganizationId owner = owner(cluster);
    if (owner != null) {
      clusterChanged(cluster, owner);
    }
  }

  private @Nullable OrganizationId owner(ClusterId cluster) {
    OrganizationId known = owners.get(cluster);
    return known != null
        ? known
        : fleet.cluster(cluster).map(view -> view.cluster().organization()).orElse(null);
  }

  private void tell(String event, OrganizationId owner, ChangeJson change) {
    if (subscribers.isEmpty()) {
      return;
    }
    byte[] piece = Subscriber.piece(event, codec.encode(change));
    for (Subscriber subscriber : subscribers) {
      if (subscriber.sees(owner)) {
        subscriber.send(piece);
      }
    }
  }
}
