package cx.niro.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ClusterId;
import cx.niro.core.OrganizationId;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.server.NiroServer;
import cx.niro.server.memory.MemoryStores;
import cx.niro.server.spi.AccessControl;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChangeFeedTest {
  private static final OrganizationId ACME = new OrganizationId("acme");
  private static final ClusterId BERLIN = new ClusterId("berlin");

  private final NiroServer server = NiroServer.builder(MemoryStores.create()).build();
  private final ChangeFeed feed = new ChangeFeed(server.fleet(), NiroCodec.forRest());
  private final Reader reader = new Reader();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void a_slow_reader_loses_events_and_is_told_how_many_before_the_next_one() {
    feed.subscribe(reads(ACME)).start(reader);
    feed.clusterChanged(BERLIN, ACME);
    reader.slow = true;
    feed.clusterChanged(BERLIN, ACME);
    feed.clusterChanged(BERLIN, ACME);
    reader.slow = false;
    feed.clusterChanged(BERLIN, ACME);

    assertThat(reader.events).containsExactly("cluster", "missed", "cluster");
    assertThat(reader.text).contains("\"missed\":2}");
    assertThat(feed.missed()).isEqualTo(2);
  }

  @Test
  void a_quiet_stream_gets_a_comment_each_15_seconds_and_ends_after_ten_minutes() {
    feed.subscribe(reads(ACME)).start(reader);
    int before = reader.text.length();

    for (int second = 0; second < 600; second++) {
      assertThat(reader.closed).isFalse();
      feed.tick();
    }

    assertThat(reader.text.substring(before)).isEqualTo(":\n\n".repeat(39));
    assertThat(reader.closed).isTrue();
    assertThat(feed.subscribers()).isZero();
  }

  @Test
  void the_end_of_a_cluster_is_told_once() {
    feed.subscribe(reads(ACME)).start(reader);
    feed.clusterChanged(BERLIN, ACME);

    feed.clusterGone(BERLIN, ACME);
    feed.clusterDeleted(BERLIN);

    assertThat(reader.events).containsExactly("cluster", "cluster");
  }

  @Test
  void nobody_hears_of_another_organization() {
    feed.subscribe(reads(new OrganizationId("globex"))).start(reader);

    feed.clusterChanged(BERLIN, ACME);

    assertThat(reader.events).isEmpty();
  }

  @Test
  void the_streams_of_who_lost_access_end_and_those_of_others_go_on() {
    Reader other = new Reader();
    Access leaving = reads(ACME);
    feed.subscribe(leaving).start(reader);
    feed.subscribe(reads(ACME)).start(other);

    feed.close(caller -> caller == leaving.caller());

    assertThat(reader.closed).isTrue();
    assertThat(other.closed).isFalse();
    assertThat(feed.subscribers()).isEqualTo(1);
  }

  private static Access reads(OrganizationId organization) {
    return new Access(new Ada(organization), Set.of(organization), null);
  }

  /** Compared by identity, so no record. */
  private static final class Ada implements AccessControl.Caller {
    private final OrganizationId organization;

    private Ada(OrganizationId organization) {
      this.organization = organization;
    }

    @Override
    public String name() {
      return "ada";
    }

    @Override
    public Set<OrganizationId> organizations() {
      return Set.of(organization);
    }

    @Override
    public boolean may(AccessControl.Permission permission, OrganizationId asked) {
      return true;
    }

    @Override
    public OrganizationId defaultOrganization() {
      return organization;
    }
  }

  /** Keeps what it is sent. */
  private static final class Reader implements NiroResponse.Sink {
    private final List<String> events = new ArrayList<>();
    private String text = "";
    private boolean slow;
    private boolean closed;
    private Runnable onClose = () -> {};

    @Override
    public boolean write(byte[] piece) {
      if (slow) {
        return false;
      }
      String sent = new String(piece, StandardCharsets.UTF_8);
      text += sent;
      if (sent.startsWith("event: ")) {
        events.add(sent.substring(7, sent.indexOf('\n')));
      }
      return true;
    }

    @Override
    public void close() {
      closed = true;
      onClose.run();
    }

    @Override
    public void onClose(Runnable action) {
      onClose = action;
    }
  }
}
