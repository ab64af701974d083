package cx.niro.server.spi;

import cx.niro.core.ChannelId;
import cx.niro.core.OrganizationId;
import java.util.List;
import java.util.Optional;

/** Channels. */
public interface ChannelStore {
  /** Unique by (organization, name): false, and nothing written, when the name is taken. */
  boolean insert(ChannelRow channel);

  Optional<ChannelRow> find(ChannelId id);

  /** Replaces the row with this id; false when the name is taken or the channel is gone. */
  boolean update(ChannelRow channel);

  /** Removes the channel with its groups and deliveries. */
  boolean delete(ChannelId id);

  /** All of an organization, by name. */
  List<ChannelRow> list(OrganizationId organization);
}
