package cx.niro.server.http;

import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.OrganizationId;
import cx.niro.server.Audit;
import cx.niro.server.internal.rest.AuditJson;
import cx.niro.server.spi.AccessControl.Permission;
import cx.niro.server.spi.AuditFilter;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Who did what, for those who administer. */
final class AuditRoutes {
  private final RestDoor door;
  private final Audit audit;

  AuditRoutes(RestDoor door, Audit audit) {
    this.door = door;
    this.audit = audit;
  }

  List<Route> routes() {
    return List.of(door.get("/api/v1/audit", this::list, "actor", "object", "limit", "cursor"));
  }

  private NiroResponse list(Access access, Call call) {
    Set<OrganizationId> administered =
        access.organizations().stream()
            .filter(organization -> access.caller().may(Permission.ADMINISTER, organization))
            .collect(Collectors.toUnmodifiableSet());
    if (administered.isEmpty()) {
      throw new InvalidRequestException(
          ErrorCode.FORBIDDEN, "only those who administer read the audit");
    }
    AuditFilter filter = new AuditFilter(call.query("actor"), call.query("object"));
    return door.answer(
        200,
        Paging.page(
            "audit",
            audit.list(administered, filter, Paging.request("audit", call)),
            AuditJson::of));
  }
}
