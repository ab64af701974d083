package cx.niro.server.http;

import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.OrganizationId;
import cx.niro.core.SilenceId;
import cx.niro.core.protocol.Limits;
import cx.niro.server.ClusterView;
import cx.niro.server.Fleet;
import cx.niro.server.Silences;
import cx.niro.server.internal.rest.ChannelJson;
import cx.niro.server.internal.rest.RequestJson;
import cx.niro.server.internal.rest.SilenceJson;
import cx.niro.server.spi.AccessControl.Permission;
import cx.niro.server.spi.ChannelSelector;
import cx.niro.server.spi.SilenceRow;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Silences and maintenance windows: making, listing and ending them. */
final class SilenceRoutes {
  private static final String ALL = "/api/v1/silences";
  private static final String ONE = ALL + "/{silence}";

  private final RestDoor door;
  private final Fleet fleet;
  private final Silences silences;
  private final ChangeFeed feed;

  SilenceRoutes(RestDoor door, Fleet fleet, Silences silences, ChangeFeed feed) {
    this.door = door;
    this.fleet = fleet;
    this.silences = silences;
    this.feed = feed;
  }

  List<Route> routes() {
    return List.of(
        door.route("POST", ALL, Limits.SMALL_BYTES, this::create),
        door.get(ALL, this::list, "state", "limit", "cursor"),
        door.get(ONE, (access, call) -> shown(200, find(access, call))),
        door.delete(ONE, this::end));
  }

  private NiroResponse create(Access access, Call call) {
    RequestJson.NewSilence body = door.body(call, RequestJson.NewSilence.class);
    ChannelSelector selector = selector(body.matchers());
    OrganizationId organization = organization(access, body.organization(), selector);
    access.require(Permission.WRITE, organization);
    String scopePrefix = body.matchers() == null ? null : body.matchers().scopePrefix();
    Silences.Period period =
        new Silences.Period(body.startsAt(), body.endsAt(), length(body.durationSeconds()));
    Silences.Spec spec = new Silences.Spec(selector, scopePrefix, period, reason(body.reason()));
    Silences.View made = silences.add(organization, spec, access.caller().name());
    feed.silenceChanged(made.silence());
    return Answers.with(shown(201, made), "location", ALL + "/" + made.silence().id());
  }

  static String reason(@Nullable String reason) {
    if (reason == null) {
      throw new FieldException("reason", "is required");
    }
    return reason;
  }

  static @Nullable Duration length(@Nullable Long seconds) {
    if (seconds == null) {
      return null;
    }
    long most = Silences.LONGEST.toSeconds();
    if (seconds < 1 || seconds > most) {
      throw new FieldException("durationSeconds", "must be 1 to " + most + ", but was " + seconds);
    }
    return Duration.ofSeconds(seconds);
  }

  private static ChannelSelector selector(SilenceJson.@Nullable Matchers given) {
    if (given == null) {
      return ChannelSelector.ALL;
    }
    return ChannelRoutes.selector(
        "matchers",
        new ChannelJson.Selector(
            given.clusters(), given.environments(), given.labels(), given.types()));
  }

  /** That of the clusters it names, which must be one. */
  private OrganizationId organization(
      Access access, @Nullable String wanted, ChannelSelector selector) {
    List<OrganizationId> owners =
        selector.clusters().stream()
            .map(
                id ->
                    fleet
                        .cluster(id)
                        .filter(access::sees)
                        .orElseThrow(
                            () ->
                                new FieldException(
                                    ErrorCode.NOT_FOUND,
                                    "matchers.clusters",
                                    "there is no cluster " + id)))
            .map(ClusterView::cluster)
            .map(cluster -> cluster.organization())
            .distinct()
            .toList();
    OrganizationId named =
        wanted == null && !owners.isEmpty() ? owners.get(0) : access.organization(wanted);
    if (owners.stream().anyMatch(owner -> !owner.equals(named))) {
      throw new FieldException("matchers.clusters", "must be of one organization, here " + named);
    }
    return named;
  }

  private NiroResponse list(Access access, Call call) {
    String name = call.query("state");
    SilenceRow.State state =
        name == null
            ? null
            : Choices.parse("state", name, SilenceRow.State.values(), SilenceRow.State::wireName);
    return door.answer(
        200,
        Paging.page(
            "silences",
            silences.list(access.organizations(), state, Paging.request("silences", call)),
            SilenceJson::of));
  }

  /** One that the caller may not see does not exist. */
  private Silences.View find(Access access, Call call) {
    SilenceId id = call.id("silence", SilenceId::new);
    return silences
        .find(id)
        .filter(view -> access.organizations().contains(view.silence().organization()))
        .orElseThrow(
            () -> new InvalidRequestException(ErrorCode.NOT_FOUND, "there is no silence " + id));
  }

  private NiroResponse end(Access access, Call call) {
    Silences.View view = find(access, call);
    access.require(Permission.WRITE, view.silence().organization());
    Silences.View ended = silences.end(view.silence().id(), access.caller().name());
    feed.silenceChanged(ended.silence());
    return shown(200, ended);
  }

  private NiroResponse shown(int status, Silences.View view) {
    return door.answer(status, SilenceJson.of(view));
  }
}
