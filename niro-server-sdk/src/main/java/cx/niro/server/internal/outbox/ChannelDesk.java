package cx.niro.server.internal.outbox;

import cx.niro.core.ChannelId;
import cx.niro.core.DeliveryId;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.OrganizationId;
import cx.niro.server.Channels;
import cx.niro.server.internal.Platform;
import cx.niro.server.spi.ChannelRow;
import cx.niro.server.spi.ChannelSelector;
import cx.niro.server.spi.DeliveryRow;
import cx.niro.server.spi.DeliveryRow.Progress;
import cx.niro.server.spi.DeliveryRow.State;
import cx.niro.server.spi.Notifier;
import cx.niro.server.spi.Outcome;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes, changes, shows and tries channels. */
final class ChannelDesk implements Channels {
  private static final Logger LOG = LoggerFactory.getLogger(ChannelDesk.class);
  private static final int MOST = 100;

  private final Stores stores;
  private final Platform platform;
  private final Map<String, Notifier> notifiers;
  private final Settings settings;
  private final Courier courier;
  private final Targets targets;

  /** What channels are made and tried with. */
  record Means(
      Map<String, Notifier> notifiers, Settings settings, Courier courier, Targets targets) {}

  ChannelDesk(Stores stores, Platform platform, Means means) {
    this.stores = stores;
    this.platform = platform;
    this.notifiers = means.notifiers();
    this.settings = means.settings();
    this.courier = means.courier();
    this.targets = means.targets();
  }

  @Override
  public List<ChannelView> list(OrganizationId organization) {
    return stores.inTransaction(tx -> tx.notifications().channels().list(organization)).stream()
        .map(this::view)
        .toList();
  }

  @Override
  public Optional<ChannelView> find(ChannelId id) {
    return stores.inTransaction(tx -> tx.notifications().channels().find(id)).map(this::view);
  }

  private ChannelView view(ChannelRow row) {
    try {
      Map<String, String> opened = settings.open(row);
      return new ChannelView(row, new TreeMap<>(opened).keySet(), ChannelRules.target(opened));
    } catch (Settings.SealedException e) {
      LOG.debug("channel {}: {}", row.id(), e.getMessage());
      return new ChannelView(row, Set.of(), null);
    }
  }

  @Override
  public ChannelView create(OrganizationId organization, ChannelSpec spec, String actor) {
    String name = ChannelRules.checkedName(spec.name());
    ChannelRules.checkSelector(spec.selector());
    targets.check(organization, spec.selector());
    checkSettings(spec.kind(), spec.settings());
    ChannelId id = new ChannelId(platform.newId());
    ChannelRow row =
        new ChannelRow(
            id,
            organization,
            name,
            spec.kind(),
            true,
            spec.minimumSeverity(),
            spec.selector(),
            settings.seal(id, spec.settings()),
            platform.now());
    if (!stores.inTransaction(tx -> insert(tx, row))) {
      throw ChannelRules.nameTaken(spec.name());
    }
    LOG.info("channel {} ({}) was made by {}", id, spec.kind(), actor);
    return view(row);
  }

  private static boolean insert(StoreTx tx, ChannelRow row) {
    if (tx.notifications().channels().list(row.organization()).size() >= MOST) {
      throw ChannelRules.invalid("channels: an organization has at most " + MOST);
    }
    return tx.notifications().channels().insert(row);
  }

  private void checkSettings(String kind, Map<String, String> given) {
    Notifier notifier = notifiers.get(kind);
    if (notifier == null) {
      throw ChannelRules.invalid(
          "kind must be one of " + String.join(", ", new TreeMap<>(notifiers).keySet()));
    }
    if (!settings.canSeal()) {
      throw ChannelRules.invalid("settings cannot be kept: this server has no secrets key");
    }
    ChannelRules.checkSettings(given);
    try {
      notifier.check(given);
    } catch (IllegalArgumentException e) {
      throw ChannelRules.invalid("settings." + e.getMessage());
    }
  }

  @Override
  public ChannelView update(ChannelId id, ChannelChange change, String actor) {
    ChannelSelector selector = change.selector();
    if (selector != null) {
      ChannelRules.checkSelector(selector);
    }
    ChannelRow written = stores.inTransaction(tx -> update(tx, id, change));
    LOG.info("channel {} was changed by {}", id, actor);
    return view(written);
  }

  private ChannelRow update(StoreTx tx, ChannelId id, ChannelChange change) {
    ChannelRow before = tx.notifications().channels().find(id).orElseThrow(() -> notFound(id));
    if (change.selector() != null) {
      targets.check(before.organization(), change.selector());
    }
    ChannelRow after =
        new ChannelRow(
            id,
            before.organization(),
            change.name() == null ? before.name() : ChannelRules.checkedName(change.name()),
            before.kind(),
            Objects.requireNonNullElse(change.enabled(), before.enabled()),
            Objects.requireNonNullElse(change.minimumSeverity(), before.minimumSeverity()),
            Objects.requireNonNullElse(change.selector(), before.selector()),
            sealed(before, change.settings()),
            before.createdAt());
    if (!tx.notifications().channels().update(after)) {
      throw ChannelRules.nameTaken(after.name());
    }
    return after;
  }

  /** All of them or none: a secret that was kept must not go to an address that was changed. */
  private String sealed(ChannelRow before, @Nullable Map<String, String> given) {
    if (given == null) {
      return before.settings();
    }
    checkSettings(before.kind(), given);
    return settings.seal(before.id(), given);
  }

  @Override
  public void delete(ChannelId id, String actor) {
    if (!stores.inTransaction(tx -> tx.notifications().channels().delete(id))) {
      throw notFound(id);
    }
    courier.counters().forget(id);
    LOG.info("channel {} was deleted by {}", id, actor);
  }

  @Override
  public Outcome test(ChannelId id) {
    ChannelRow row =
        stores
            .inTransaction(tx -> tx.notifications().channels().find(id))
            .orElseThrow(() -> notFound(id));
    DeliveryId delivery = new DeliveryId(platform.newId());
    return courier.test(row, Messages.test(delivery, row, platform.now()));
  }

  @Override
  public Page<DeliveryRow> deliveries(ChannelId id, @Nullable State state, Page.Request page) {
    return stores.inTransaction(tx -> tx.notifications().deliveries().list(id, state, page));
  }

  @Override
  public DeliveryRow retry(ChannelId channel, DeliveryId id) {
    Instant now = platform.now();
    DeliveryRow row = stores.inTransaction(tx -> retry(tx, channel, id, now));
    courier.wake();
    return row;
  }

  private static DeliveryRow retry(StoreTx tx, ChannelId channel, DeliveryId id, Instant now) {
    DeliveryRow row =
        tx.notifications()
            .deliveries()
            .find(id)
            .filter(found -> found.channel().equals(channel))
            .orElseThrow(
                () ->
                    new InvalidRequestException(ErrorCode.NOT_FOUND, "there is no delivery " + id));
    if (row.progress().state() != State.DEAD) {
      return row;
    }
    DeliveryRow again =
        row.until(now.plus(Messages.PATIENCE))
            .with(new Progress(State.PENDING, 0, now, null, row.progress().lastError()));
    tx.notifications().deliveries().update(again);
    return again;
  }

  @Override
  public Counts counts() {
    return courier.counters().now();
  }

  private static InvalidRequestException notFound(ChannelId id) {
    return new InvalidRequestException(ErrorCode.NOT_FOUND, "there is no channel " + id);
  }
}
