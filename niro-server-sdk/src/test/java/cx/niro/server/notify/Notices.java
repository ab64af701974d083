package cx.niro.server.notify;

import cx.niro.core.ClusterId;
import cx.niro.core.DeliveryId;
import cx.niro.core.IncidentId;
import cx.niro.core.Severity;
import cx.niro.server.spi.Notice;
import cx.niro.server.spi.Notice.Change;
import cx.niro.server.spi.Notice.Event;
import java.time.Instant;
import java.util.List;

/** Messages for the tests of formats. */
final class Notices {
  static final Instant T0 = Instant.parse("2026-01-05T08:00:00Z");

  private Notices() {}

  static Notice opened(String summary) {
    return notice(Event.OPENED, 1, incident(Change.OPENED, summary));
  }

  static Notice resolved() {
    return notice(
        Event.RESOLVED,
        0,
        incident(Change.OPENED, "Node pi-3 is not ready").resolved(T0.plusSeconds(90), "cleared"));
  }

  static Notice notice(Event event, int firing, Notice.Incident... incidents) {
    String title =
        incidents.length == 0
            ? "This is a test of the channel ops"
            : incidents[0].clusterName() + ": " + incidents[0].summary();
    return new Notice(
        new DeliveryId("delivery-1"),
        event,
        "channel-1:cluster/edge",
        title,
        T0.plusSeconds(30),
        List.of(incidents),
        firing,
        0);
  }

  static Notice.Incident incident(Change change, String summary) {
    return new Notice.Incident(
        change,
        new IncidentId("incident-1"),
        new ClusterId("edge"),
        "berlin",
        "node_not_ready",
        "node/pi-3",
        Severity.HIGH,
        summary,
        T0,
        null,
        null);
  }
}
