package cx.niro.server.spi;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ClusterId;
import cx.niro.core.Environment;
import cx.niro.core.OrganizationId;
import cx.niro.core.SilenceId;
import cx.niro.core.incident.Fingerprint;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Scope;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SilenceRowTest {
  private static final Instant T0 = Instant.parse("2026-01-05T08:00:00Z");
  private static final OrganizationId ACME = new OrganizationId("acme");
  private static final ClusterRow BERLIN =
      new ClusterRow(
          new ClusterId("berlin"),
          ACME,
          "berlin",
          Environment.PRODUCTION,
          Map.of("site", "north"),
          null,
          null,
          null,
          null,
          null,
          T0);

  private static SilenceRow silence(ChannelSelector selector, @Nullable String scopePrefix) {
    return new SilenceRow(
        new SilenceId("s"),
        ACME,
        selector,
        scopePrefix,
        T0,
        T0.plusSeconds(60),
        new SilenceRow.Origin("ada", T0, "new disks"));
  }

  private static IncidentRow.What at(String scope) {
    Scope where = new Scope(scope);
    return new IncidentRow.What(
        Fingerprint.of(BERLIN.id(), IncidentType.NODE_NOT_READY, where),
        IncidentType.NODE_NOT_READY,
        where);
  }

  @ParameterizedTest
  @CsvSource({
    "node/a, node/a, true",
    "node/a, node/ab, false",
    "ns/shop/, ns/shop/Deployment/cart, true",
    "ns/shop/, ns/shopping/Deployment/cart, false",
    "node, node/a, true",
    "ns/shop, ns/shop/Deployment/cart, true",
    "ns/shop, ns/shopping/Deployment/cart, false",
    "ns/shop/Deployment/cart, ns/shop/Deployment/cart/container/app, true",
    "ns/shop/Deployment/cart/container/app, ns/shop/Deployment/cart, false",
  })
  void covers_a_scope_by_whole_segments(String prefix, String scope, boolean covered) {
    SilenceRow silence = silence(ChannelSelector.ALL, prefix);
    assertThat(silence.covers(BERLIN, at(scope))).isEqualTo(covered);
  }

  @Test
  void covers_what_every_part_of_it_fits() {
    Set<ClusterId> clusters = Set.of(BERLIN.id());
    Set<Environment> production = Set.of(Environment.PRODUCTION);
    Map<String, String> north = Map.of("site", "north");
    Set<String> type = Set.of("node_not_ready");
    assertThat(covers(new ChannelSelector(clusters, production, north, type))).isTrue();
    assertThat(covers(new ChannelSelector(Set.of(new ClusterId("x")), production, north, type)))
        .isFalse();
    assertThat(covers(new ChannelSelector(clusters, Set.of(Environment.DEV), north, type)))
        .isFalse();
    assertThat(covers(new ChannelSelector(clusters, production, Map.of("site", "s"), type)))
        .isFalse();
    assertThat(covers(new ChannelSelector(clusters, production, north, Set.of("pvc_lost"))))
        .isFalse();
  }

  private static boolean covers(ChannelSelector selector) {
    return silence(selector, null).covers(BERLIN, at("node/a"));
  }

  @Test
  void covers_no_cluster_of_another_organization() {
    SilenceRow silence = silence(ChannelSelector.ALL, null);
    SilenceRow foreign =
        new SilenceRow(
            silence.id(),
            new OrganizationId("globex"),
            silence.selector(),
            null,
            silence.startsAt(),
            silence.endsAt(),
            silence.origin());
    assertThat(silence.covers(BERLIN, at("node/a"))).isTrue();
    assertThat(foreign.covers(BERLIN, at("node/a"))).isFalse();
  }

  @Test
  void is_active_from_its_start_until_just_before_its_end() {
    SilenceRow silence = silence(ChannelSelector.ALL, null);
    assertThat(silence.state(T0.minusNanos(1))).isEqualTo(SilenceRow.State.SCHEDULED);
    assertThat(silence.state(T0)).isEqualTo(SilenceRow.State.ACTIVE);
    assertThat(silence.state(T0.plusSeconds(59))).isEqualTo(SilenceRow.State.ACTIVE);
    assertThat(silence.state(T0.plusSeconds(60))).isEqualTo(SilenceRow.State.EXPIRED);
    assertThat(silence.endedAt(T0.minusSeconds(9)).state(T0)).isEqualTo(SilenceRow.State.EXPIRED);
  }
}
