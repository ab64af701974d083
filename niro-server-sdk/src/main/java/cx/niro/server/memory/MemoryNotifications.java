package cx.niro.server.memory;

import cx.niro.server.spi.ChannelStore;
import cx.niro.server.spi.DeliveryStore;
import cx.niro.server.spi.NotificationStores;
import cx.niro.server.spi.OutboxStore;

final class MemoryNotifications implements NotificationStores {
  private final MemoryChannels channels;
  private final MemoryOutbox outbox;
  private final MemoryDeliveries deliveries;

  MemoryNotifications(Journal journal) {
    channels = new MemoryChannels(journal);
    outbox = new MemoryOutbox(journal, channels);
    deliveries = new MemoryDeliveries(journal, channels);
    channels.onDelete(outbox::forget);
    channels.onDelete(deliveries::forget);
  }

  @Override
  public ChannelStore channels() {
    return channels;
  }

  @Override
  public OutboxStore outbox() {
    return outbox;
  }

  @Override
  public DeliveryStore deliveries() {
    return deliveries;
  }
}
