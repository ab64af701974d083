package cx.niro.server.http;

import cx.niro.core.ChannelId;
import cx.niro.core.ClusterId;
import cx.niro.core.DeliveryId;
import cx.niro.core.Environment;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.OrganizationId;
import cx.niro.core.Severity;
import cx.niro.core.protocol.Limits;
import cx.niro.server.Channels;
import cx.niro.server.Channels.ChannelChange;
import cx.niro.server.Channels.ChannelSpec;
import cx.niro.server.Channels.ChannelView;
import cx.niro.server.internal.rest.ChannelJson;
import cx.niro.server.internal.rest.RequestJson;
import cx.niro.server.spi.AccessControl.Permission;
import cx.niro.server.spi.ChannelRow;
import cx.niro.server.spi.ChannelSelector;
import cx.niro.server.spi.DeliveryRow;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Channels: making, showing, changing, deleting and trying them, and what they were sent. */
final class ChannelRoutes {
  private static final String ALL = "/api/v1/channels";
  private static final String ONE = ALL + "/{channel}";
  private static final Severity[] SEVERITIES = {Severity.LOW, Severity.MEDIUM, Severity.HIGH};

  private final RestDoor door;
  private final Channels channels;

  ChannelRoutes(RestDoor door, Channels channels) {
    this.door = door;
    this.channels = channels;
  }

  List<Route> routes() {
    return List.of(
        door.route("POST", ALL, Limits.SMALL_BYTES, this::create),
        door.get(ALL, this::list, "limit", "cursor"),
        door.get(ONE, (access, call) -> shown(200, find(access, call))),
        door.route("PATCH", ONE, Limits.SMALL_BYTES, this::update),
        door.delete(ONE, this::delete),
        door.route("POST", ONE + "/test", 0, this::test),
        door.get(ONE + "/deliveries", this::deliveries, "state", "limit", "cursor"),
        door.route("POST", ONE + "/deliveries/{delivery}/retry", 0, this::retry));
  }

  private NiroResponse create(Access access, Call call) {
    RequestJson.NewChannel body = door.body(call, RequestJson.NewChannel.class);
    OrganizationId organization = access.organization(body.organization());
    access.require(Permission.ADMINISTER, organization);
    ChannelSpec spec =
        new ChannelSpec(
            required("name", body.name()),
            required("kind", body.kind()),
            required("settings", body.settings()),
            Objects.requireNonNullElse(severity(body.minimumSeverity()), Severity.LOW),
            Objects.requireNonNullElse(selector(body.selector()), ChannelSelector.ALL));
    ChannelView made = channels.create(organization, spec, access.caller().name());
    return Answers.with(shown(201, made), "location", ALL + "/" + made.channel().id());
  }

  private static <T> T required(String field, @Nullable T value) {
    if (value == null) {
      throw new FieldException(field, "is required");
    }
    return value;
  }

  private static @Nullable Severity severity(@Nullable String name) {
    return name == null
        ? null
        : Choices.parse("minimumSeverity", name, SEVERITIES, Severity::wireName);
  }

  private static @Nullable ChannelSelector selector(ChannelJson.@Nullable Selector given) {
    return given == null ? null : selector("selector", given);
  }

  /** A selector that the member {@code field} of a request holds. */
  static ChannelSelector selector(String field, ChannelJson.Selector given) {
    return new ChannelSelector(
        each(field + ".clusters", given.clusters(), ClusterId::new),
        each(
            field + ".environments",
            given.environments(),
            name ->
                Choices.parse(
                    field + ".environments", name, Environment.values(), Environment::wireName)),
        Objects.requireNonNullElse(Labels.checked(given.labels()), Map.<String, String>of()),
        Set.copyOf(given.types()));
  }

  private static <T> Set<T> each(String field, List<String> texts, Function<String, T> parse) {
    try {
      return texts.stream().map(parse).collect(Collectors.toSet());
    } catch (IllegalArgumentException e) {
      throw new FieldException(field, String.valueOf(e.getMessage()));
    }
  }

  private NiroResponse list(Access access, Call call) {
    List<ChannelView> all =
        access.organizations().stream()
            .flatMap(organization -> channels.list(organization).stream())
            .sorted(Comparator.comparing(ChannelRoutes::key))
            .toList();
    return door.answer(
        200, Paging.page("channels", call, all.stream(), ChannelRoutes::key, ChannelJson::of));
  }

  private static String key(ChannelView view) {
    return Paging.key(view.channel().name(), view.channel().id().value());
  }

  /** One that the caller may not see does not exist. */
  private ChannelView find(Access access, Call call) {
    ChannelId id = call.id("channel", ChannelId::new);
    return channels
        .find(id)
        .filter(view -> access.organizations().contains(view.channel().organization()))
        .orElseThrow(
            () -> new InvalidRequestException(ErrorCode.NOT_FOUND, "there is no channel " + id));
  }

  private ChannelRow administered(Access access, Call call) {
    ChannelRow channel = find(access, call).channel();
    access.require(Permission.ADMINISTER, channel.organization());
    return channel;
  }

  private NiroResponse update(Access access, Call call) {
    ChannelRow channel = administered(access, call);
    RequestJson.ChannelPatch body = door.body(call, RequestJson.ChannelPatch.class);
    ChannelChange change =
        new ChannelChange(
            body.name(),
            body.settings(),
            severity(body.minimumSeverity()),
            selector(body.selector()),
            body.enabled());
    return shown(200, channels.update(channel.id(), change, access.caller().name()));
  }

  private NiroResponse delete(Access access, Call call) {
    channels.delete(administered(access, call).id(), access.caller().name());
    return Answers.noContent();
  }

  private NiroResponse test(Access access, Call call) {
    ChannelRow channel = administered(access, call);
    return door.answer(200, ChannelJson.Tested.of(channels.test(channel.id())));
  }

  private NiroResponse deliveries(Access access, Call call) {
    ChannelRow channel = find(access, call).channel();
    String name = call.query("state");
    DeliveryRow.@Nullable State state =
        name == null
            ? null
            : Choices.parse("state", name, DeliveryRow.State.values(), DeliveryRow.State::wireName);
    return door.answer(
        200,
        Paging.page(
            "deliveries",
            channels.deliveries(channel.id(), state, Paging.request("deliveries", call)),
            ChannelJson.Delivery::of));
  }

  private NiroResponse retry(Access access, Call call) {
    ChannelRow channel = administered(access, call);
    DeliveryId id = call.id("delivery", DeliveryId::new);
    return door.answer(200, ChannelJson.Delivery.of(channels.retry(channel.id(), id)));
  }

  private NiroResponse shown(int status, ChannelView view) {
    return door.answer(status, ChannelJson.of(view));
  }
}
