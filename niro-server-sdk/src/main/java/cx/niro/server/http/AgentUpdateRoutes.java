package cx.niro.server.http;

import cx.niro.core.ClusterId;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.NiroException;
import cx.niro.core.managed.ImageDigest;
import cx.niro.core.protocol.Limits;
import cx.niro.server.AgentUpdate;
import cx.niro.server.ClusterView;
import cx.niro.server.Commands;
import cx.niro.server.internal.rest.AgentUpdateJson;
import cx.niro.server.internal.rest.ChannelJson;
import cx.niro.server.internal.rest.ListJson;
import cx.niro.server.internal.rest.RequestJson;
import cx.niro.server.spi.AccessControl.Permission;
import cx.niro.server.spi.ChannelSelector;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.Page;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Replacing agents' images: of one cluster, or of a selection. */
final class AgentUpdateRoutes {
  private static final String ONE = "/api/v1/clusters/{cluster}/agent-update";
  private static final String MANY = "/api/v1/agent-updates";
  private static final int MOST = 1000;
  private static final Page.Request NEWEST = new Page.Request(null, 1);

  private final RestDoor door;
  private final Commands commands;
  private final ChangeFeed feed;

  AgentUpdateRoutes(RestDoor door, Commands commands, ChangeFeed feed) {
    this.door = door;
    this.commands = commands;
    this.feed = feed;
  }

  List<Route> routes() {
    return List.of(
        door.get(ONE, this::show),
        door.route("PUT", ONE, Limits.SMALL_BYTES, this::offer),
        door.route("POST", MANY, Limits.SMALL_BYTES, this::offerMany));
  }

  private NiroResponse show(Access access, Call call) {
    ClusterId id = door.cluster(access, call).cluster().id();
    return commands.list(id, AgentUpdate.KIND, NEWEST).items().stream()
        .findFirst()
        .map(row -> door.answer(200, AgentUpdateJson.of(AgentUpdate.of(row))))
        .orElseThrow(
            () ->
                new InvalidRequestException(
                    ErrorCode.NOT_FOUND, "the agent of cluster " + id + " was never updated"));
  }

  private NiroResponse offer(Access access, Call call) {
    ClusterView view = door.cluster(access, call, Permission.WRITE);
    RequestJson.WantedImage body = door.body(call, RequestJson.WantedImage.class);
    AgentUpdate made = send(access, view, digest(body.digest()));
    return door.answer(202, AgentUpdateJson.of(made));
  }

  private AgentUpdate send(Access access, ClusterView view, ImageDigest digest) {
    CommandRow row =
        commands.send(view.cluster().id(), AgentUpdate.request(digest), access.caller().name());
    feed.commandChanged(row, view.cluster().organization());
    return AgentUpdate.of(row);
  }

  private static ImageDigest digest(@Nullable String text) {
    if (text == null) {
      throw new FieldException("digest", "is required");
    }
    try {
      return new ImageDigest(text);
    } catch (IllegalArgumentException e) {
      throw new FieldException("digest", Shown.text(text) + " is not sha256: and 64 of 0-9 a-f");
    }
  }

  /** Each cluster for itself: one that cannot is told and stops no other. */
  private NiroResponse offerMany(Access access, Call call) {
    RequestJson.WantedImages body = door.body(call, RequestJson.WantedImages.class);
    ImageDigest digest = digest(body.digest());
    ChannelJson.Selector given = body.selector();
    if (given == null) {
      throw new FieldException("selector", "is required; {} selects all clusters");
    }
    if (!given.types().isEmpty()) {
      throw new FieldException("selector.types", "must not be given: clusters are selected");
    }
    List<Object> offers = new ArrayList<>();
    for (ClusterView view : selected(access, ChannelRoutes.selector("selector", given))) {
      offers.add(offered(access, view, digest));
    }
    return door.answer(202, new ListJson(offers, null));
  }

  private List<ClusterView> selected(Access access, ChannelSelector selector) {
    List<ClusterView> views =
        door.clusters(access).stream().filter(view -> selector.covers(view.cluster())).toList();
    for (ClusterId named : selector.clusters()) {
      if (views.stream().noneMatch(view -> view.cluster().id().equals(named))) {
        throw new FieldException(
            "selector.clusters", "there is no cluster " + named + " among them");
      }
    }
    if (views.size() > MOST) {
      throw new FieldException(
          "selector", "must select at most " + MOST + " clusters, but selects " + views.size());
    }
    views.forEach(view -> access.require(Permission.WRITE, view.cluster().organization()));
    return views;
  }

  private AgentUpdateJson.Offer offered(Access access, ClusterView view, ImageDigest digest) {
    try {
      return AgentUpdateJson.Offer.made(view, send(access, view, digest));
    } catch (NiroException e) {
      return AgentUpdateJson.Offer.refused(view, e.code(), e.getMessage());
    }
  }
}
