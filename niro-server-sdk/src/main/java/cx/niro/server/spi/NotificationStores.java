package cx.niro.server.spi;

/** What notifications need of a transaction. */
public interface NotificationStores {
  ChannelStore channels();

  OutboxStore outbox();

  DeliveryStore deliveries();
}
