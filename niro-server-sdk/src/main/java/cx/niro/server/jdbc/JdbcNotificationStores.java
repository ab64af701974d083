package cx.niro.server.jdbc;

import cx.niro.server.spi.ChannelStore;
import cx.niro.server.spi.DeliveryStore;
import cx.niro.server.spi.NotificationStores;
import cx.niro.server.spi.OutboxStore;
import org.jdbi.v3.core.Handle;

record JdbcNotificationStores(Handle handle, Inserts inserts) implements NotificationStores {
  @Override
  public ChannelStore channels() {
    return new JdbcChannelStore(handle, inserts);
  }

  @Override
  public OutboxStore outbox() {
    return new JdbcOutboxStore(handle, inserts);
  }

  @Override
  public DeliveryStore deliveries() {
    return new JdbcDeliveryStore(handle, inserts);
  }
}
