package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.Credential;
import cx.niro.core.OrganizationId;
import cx.niro.core.incident.IncidentTransition.Resolved;
import cx.niro.core.protocol.CommandState;
import cx.niro.server.Clusters;
import cx.niro.server.ServerOptions;
import cx.niro.server.internal.outbox.Marks;
import cx.niro.server.spi.ClusterRow;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.KeyRow;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import cx.niro.server.spi.TimelineEntry;
import cx.niro.server.spi.TokenRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Makes, changes and deletes clusters. */
final class ClusterDesk implements Clusters {
  private final Stores stores;
  private final ServerOptions options;
  private final Platform platform;
  private final LiveClusters clusters;
  private final Sessions sessions;
  private final IncidentLedger ledger;
  private final CommandWriter writer;
  private final PollDesk polls;
  private final AgentKeys keys;
  private final WriteBehind writeBehind;
  private final Announcer announcer;

  ClusterDesk(
      Stores stores,
      ServerOptions options,
      Platform platform,
      LiveClusters clusters,
      Sessions sessions,
      IncidentLedger ledger,
      CommandWriter writer,
      PollDesk polls,
      AgentKeys keys,
      WriteBehind writeBehind,
      Announcer announcer) {
    this.stores = stores;
    this.options = options;
    this.platform = platform;
    this.clusters = clusters;
    this.sessions = sessions;
    this.ledger = ledger;
    this.writer = writer;
    this.polls = polls;
    this.keys = keys;
    this.writeBehind = writeBehind;
    this.announcer = announcer;
  }

  @Override
  public NewCluster create(OrganizationId organization, ClusterSpec given, String actor) {
    ClusterSpec spec = ClusterRules.checked(given);
    Instant now = platform.now();
    ClusterRow row =
        new ClusterRow(
            new ClusterId(platform.newId()),
            organization,
            spec.name(),
            spec.environment(),
            spec.labels(),
            null,
            null,
            null,
            null,
            null,
            now);
    Credential token = Credential.mint(Credential.Kind.ENROLLMENT_TOKEN, platform.random());
    TokenRow tokenRow = tokenRow(row.id(), token, false, now);
    boolean made = stores.inTransaction(tx -> insert(tx, row, tokenRow, actor, now));
    if (!made) {
      throw ClusterRules.nameTaken(spec.name());
    }
    clusters.add(row, null);
    return new NewCluster(row.id(), new NewToken(token.secretText(), tokenRow.expiresAt()));
  }

  private static boolean insert(
      StoreTx tx, ClusterRow row, TokenRow token, String actor, Instant now) {
    if (!tx.clusters().insert(row)) {
      return false;
    }
    tx.enrollments().put(token);
    tx.timeline()
        .append(Entries.by(actor, row.id(), now, "cluster_created", "The cluster was made"));
    return true;
  }

  private TokenRow tokenRow(ClusterId id, Credential token, boolean takeOver, Instant now) {
    Instant expiresAt = now.plus(options.tokenLifetime());
    return new TokenRow(
        id, token.keyId(), token.hash(), now, expiresAt, takeOver, null, null, null);
  }

  @Override
  public void update(ClusterId id, ClusterChange change, String actor) {
    LiveCluster live = clusters.get(id);
    clusters.inLaneForUser(live, () -> update(live, change, actor));
  }

  private ClusterRow update(LiveCluster live, ClusterChange change, String actor) {
    Instant now = platform.now();
    ClusterRow written =
        stores.inTransaction(
            tx -> {
              ClusterRow before =
                  tx.clusters().find(live.id).orElseThrow(() -> LiveClusters.notFound(live.id));
              ClusterRow after = ClusterRules.changed(before, change, options);
              Map<String, String> details = ClusterRules.details(before, after, actor);
              if (details.size() == 1) {
                return before;
              }
              if (!tx.clusters().update(after)) {
                throw ClusterRules.nameTaken(after.name());
              }
              String summary = "Settings were changed by " + actor;
              tx.timeline()
                  .append(new TimelineEntry(live.id, now, "settings_changed", summary, details));
              return after;
            });
    live.become(live.state().with(written));
    return written;
  }

  private record Renewed(IncidentLedger.Changes changes, List<IncidentRow> open) {}

  @Override
  public NewToken newToken(ClusterId id, boolean takeOver, String actor) {
    LiveCluster live = clusters.get(id);
    Instant now = platform.now();
    Credential token = Credential.mint(Credential.Kind.ENROLLMENT_TOKEN, platform.random());
    TokenRow row = tokenRow(id, token, takeOver, now);
    clusters.inLaneForUser(
        live,
        () -> {
          Renewed renewed = stores.inTransaction(tx -> renew(tx, row, actor, now));
          live.become(live.state().with(renewed.open()));
          sessions.announce(live, renewed.changes());
          return true;
        });
    return new NewToken(token.secretText(), row.expiresAt());
  }

  private Renewed renew(StoreTx tx, TokenRow row, String actor, Instant now) {
    ClusterId id = row.cluster();
    tx.enrollments().put(row);
    String summary =
        row.takeOver()
            ? "An enrollment token to take over was made"
            : "An enrollment token was made";
    tx.timeline().append(Entries.by(actor, id, now, "token_created", summary));
    IncidentLedger.Changes changes = IncidentLedger.Changes.none();
    ledger.resolve(
        tx,
        id,
        new Resolved(TokenExchange.contestedFingerprint(id), "a new token was made", now),
        changes);
    return new Renewed(changes, tx.incidents().openOf(id));
  }

  @Override
  public void rotateKey(ClusterId id, String actor) {
    LiveCluster live = clusters.get(id);
    clusters.inLaneForUser(live, () -> rotateKey(live, actor));
  }

  private boolean rotateKey(LiveCluster live, String actor) {
    ClusterRules.requireOneAgent(live.state());
    Instant now = platform.now();
    ClusterRow written =
        stores.inTransaction(
            tx -> {
              ClusterRow before =
                  tx.clusters().find(live.id).orElseThrow(() -> LiveClusters.notFound(live.id));
              ClusterRow after = before.rotatingKeys(now);
              tx.clusters().update(after);
              tx.timeline().append(Entries.keyRotationAsked(live.id, now, actor));
              return after;
            });
    live.become(live.state().with(written));
    return true;
  }

  private record Deleted(boolean found, List<CommandRow> cancelled, List<String> keyIds) {}

  @Override
  public void delete(ClusterId id, String actor) {
    LiveCluster live = clusters.get(id);
    clusters.inLaneForUser(live, () -> delete(live, actor));
  }

  private boolean delete(LiveCluster live, String actor) {
    Instant now = platform.now();
    Deleted deleted = stores.inTransaction(tx -> delete(tx, live.id, actor, now));
    if (!deleted.found()) {
      throw LiveClusters.notFound(live.id);
    }
    keys.markRevoked(deleted.keyIds());
    polls.endRevoked(live, true, keys);
    writeBehind.forget(live.id);
    deleted.cancelled().forEach(row -> writer.finished(live, row));
    announcer.announce(live, listener -> listener.clusterDeleted(live.id));
    clusters.remove(live);
    return true;
  }

  private static Deleted delete(StoreTx tx, ClusterId id, String actor, Instant now) {
    List<CommandRow> cancelled =
        tx.commands().open(id).stream()
            .map(
                row ->
                    CommandSteps.finished(
                        row,
                        CommandState.CANCELLED,
                        "the cluster was deleted by " + actor,
                        null,
                        now))
            .toList();
    Marks.markGone(tx, id, now);
    boolean deleted = tx.clusters().delete(id);
    // Afterwards, for an enrollment that was faster elsewhere has made a key by then.
    List<String> keyIds = tx.keys().live(id).stream().map(KeyRow::keyId).toList();
    tx.keys().revokeAll(id, now);
    return new Deleted(deleted, cancelled, keyIds);
  }
}
