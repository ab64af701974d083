package cx.niro.server.internal;

import cx.niro.core.incident.NodeLoads;
import cx.niro.core.protocol.BeatContent;
import cx.niro.core.protocol.DecodingException;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.protocol.HeldContent;
import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Resources;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this server holds of one cluster's content. What is asked of every cluster is always at
 * hand; the objects are while it is open. Closed, it is the bytes that it came in, a tenth of the
 * room, and is decoded for each question (about half a millisecond for 60 pods). Safe from any
 * thread; what it says never changes.
 */
final class ClusterContent {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterContent.class);

  /** Measured: an object in memory, with its share of what detection and policies remember. */
  private static final int OBJECT_BYTES = 1_600;

  private final HeldContent.Head head;
  private final ClusterInfo info;
  private final Map<Section, SectionStatus> sections;
  private final Map<String, Resources> allocatable;
  private final int nodes;
  private final int pods;
  private final int weight;
  private volatile ReceivedBodies bodies;
  private volatile @Nullable HeldContent open;
  private volatile boolean unreadable;

  private ClusterContent(HeldContent content, ReceivedBodies bodies) {
    ClusterSnapshot snapshot = content.snapshot();
    Inventory objects = snapshot.objects();
    this.head = content.head();
    this.info = snapshot.info();
    this.sections = snapshot.sections();
    this.allocatable = NodeLoads.allocatable(snapshot);
    this.nodes = objects.nodes().size();
    this.pods = objects.pods().size();
    this.weight =
        OBJECT_BYTES
            * (1 + Stream.of(Section.values()).mapToInt(it -> objects.of(it).size()).sum());
    // What an agent puts into a body beside content is not to stay in memory.
    this.bodies = bodies.bytes() > weight ? ReceivedBodies.NONE : bodies;
    this.open = content;
  }

  /**
   * Open, as it was read or received.
   *
   * @param bodies what it adds up from; {@link ReceivedBodies#NONE} when that is not known
   */
  static ClusterContent of(HeldContent content, ReceivedBodies bodies) {
    return new ClusterContent(content, bodies);
  }

  /**
   * Open, after a beat that changed it.
   *
   * @param before null for nothing
   * @param body of the beat, plain or gzipped; empty when it is not known
   */
  static ClusterContent after(
      @Nullable ClusterContent before, HeldContent now, Heartbeat beat, byte[] body) {
    ReceivedBodies bodies =
        before == null || beat.content() instanceof BeatContent.Full
            ? ReceivedBodies.of(body)
            : before.bodies.and(body);
    return of(now, bodies);
  }

  HeldContent.Head head() {
    return head;
  }

  ClusterInfo info() {
    return info;
  }

  SectionStatus section(Section section) {
    return sections.getOrDefault(section, SectionStatus.OFF);
  }

  int nodes() {
    return nodes;
  }

  int pods() {
    return pods;
  }

  /** {@link NodeLoads#allocatable}. */
  Map<String, Resources> allocatable() {
    return allocatable;
  }

  /** Estimated bytes that closing it gives back. */
  int weight() {
    return weight;
  }

  boolean isOpen() {
    return open != null;
  }

  /** The same, open: for whoever asks more than once. */
  ClusterContent opened() {
    HeldContent now = isOpen() ? null : content();
    return now == null ? this : of(now, bodies);
  }

  /** The objects; none where they cannot be read. */
  ClusterSnapshot snapshot() {
    HeldContent now = content();
    return now == null ? ClusterSnapshot.EMPTY : now.snapshot();
  }

  /**
   * All of it; decoded when it is closed, and then not kept. Null where it cannot be read again:
   * what an agent sent in many pieces may be more than is read at once.
   */
  @Nullable HeldContent content() {
    HeldContent now = open;
    if (now != null) {
      return now;
    }
    try {
      return bodies.read(head.bootId());
    } catch (DecodingException | UncheckedIOException e) {
      if (!unreadable) {
        unreadable = true;
        LOG.warn("content of revision {} cannot be read again", head.revision(), e);
      }
      return null;
    }
  }

  /** Gives the room of the objects back; encodes them first when the bodies are not known. */
  void close() {
    HeldContent now = open;
    if (now != null && bodies.all().isEmpty()) {
      bodies = ReceivedBodies.of(StoredContent.write(now));
    }
    open = null;
  }

  /** As one full beat. */
  byte[] encoded() {
    byte[] whole = bodies.single();
    if (whole != null) {
      return whole;
    }
    HeldContent now = open;
    return StoredContent.write(now == null ? bodies.read(head.bootId()) : now);
  }
}
