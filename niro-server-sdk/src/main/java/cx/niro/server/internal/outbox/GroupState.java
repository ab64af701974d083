package cx.niro.server.internal.outbox;

import cx.niro.core.ClusterId;
import cx.niro.core.protocol.DecodingException;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.server.spi.Notice;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a channel was told of a group.
 *
 * @param told as they were told, and not ended yet
 * @param clusters whose open incidents belong to the group or did
 * @param sentAt of the newest message; null before the first
 */
record GroupState(List<Notice.Incident> told, Set<ClusterId> clusters, @Nullable Instant sentAt) {
  static final GroupState NEW = new GroupState(List.of(), Set.of(), null);
  private static final Logger LOG = LoggerFactory.getLogger(GroupState.class);
  private static final NiroCodec CODEC = NiroCodec.forRest();

  GroupState {
    told = List.copyOf(told);
    clusters = Set.copyOf(clusters);
  }

  static GroupState parse(String text) {
    try {
      return CODEC.decode(GroupState.class, text.getBytes(StandardCharsets.UTF_8));
    } catch (DecodingException e) {
      LOG.warn("what a channel was told cannot be read, so it is told anew: {}", e.getMessage());
      return NEW;
    }
  }

  String text() {
    return new String(CODEC.encode(this), StandardCharsets.UTF_8);
  }

  GroupState with(Set<ClusterId> more) {
    Set<ClusterId> all = new LinkedHashSet<>(clusters);
    all.addAll(more);
    return new GroupState(told, all, sentAt);
  }

  /** As if these had not been told. */
  GroupState without(List<Notice.Incident> untold) {
    Set<Object> ids = new LinkedHashSet<>();
    untold.stream()
        .filter(incident -> incident.change() == Notice.Change.OPENED)
        .forEach(incident -> ids.add(incident.id()));
    return new GroupState(
        told.stream().filter(incident -> !ids.contains(incident.id())).toList(), clusters, sentAt);
  }
}
