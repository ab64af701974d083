package cx.niro.core.policy;

import static cx.niro.core.policy.Given.ENGINE;
import static cx.niro.core.policy.Given.HOST_PATH;
import static cx.niro.core.policy.Given.PLAIN;
import static cx.niro.core.policy.Given.PRIVILEGED;
import static cx.niro.core.policy.Given.STAGING;
import static cx.niro.core.policy.Given.owned;
import static cx.niro.core.policy.Given.pod;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.Scope;
import cx.niro.core.snapshot.Autoscaler;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.ObjectMeta;
import cx.niro.core.snapshot.Resource;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.core.snapshot.ServiceAccount;
import cx.niro.core.snapshot.Workload;
import cx.niro.core.testkit.Clusters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of an evaluation changes no result of the next. */
class PolicyReuseTest {
  private static final String PUBLIC =
      "{'containers': [{'name': 'app', 'image': 'ghcr.io/acme/app:1'}]}";

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void an_evaluation_is_as_from_nothing_whatever_changed_since_the_previous_one(long seed) {
    Drawn drawn = new Drawn(new SplittableRandom(seed));
    PolicyEngine engine = withOneThatLooksAtEverything();
    PolicyEvaluation last = null;
    List<PolicyResult> told = List.of();
    int same = 0;
    for (int i = 0; i < 400; i++) {
      drawn.change();
      ClusterSnapshot snapshot = drawn.snapshot();
      PolicyEvaluation next = engine.evaluate(snapshot, drawn.context, last);
      PolicyEvaluation fresh = engine.evaluate(snapshot, drawn.context);
      assertThat(next.results()).isEqualTo(fresh.results());
      assertThat(next.recheckAfter()).isEqualTo(fresh.recheckAfter());
      assertThat(next.outcome()).isEqualTo(fresh.outcome());
      List<PolicyResult> now = next.results().stream().filter(PolicyReuseTest::isTold).toList();
      if (last != null) {
        assertThat(next.outcome() == last.outcome()).isEqualTo(now.equals(told));
        same += now.equals(told) ? 1 : 0;
      }
      last = next;
      told = now;
    }
    assertThat(same).isBetween(40, 360);
  }

  private static boolean isTold(PolicyResult result) {
    return result.state() != PolicyState.PASS && result.state() != PolicyState.NOT_APPLICABLE;
  }

  /** Fails by what there is beside the workload, and throws now and then. */
  private static PolicyEngine withOneThatLooksAtEverything() {
    PolicySpec spec = PolicySpec.of("acme-crowd", Severities.of(Severity.LOW), "Crowd", "Less.");
    PolicyRule crowd =
        new PolicyRule(spec) {
          @Override
          protected PolicyVerdict judge(PolicySubject subject) {
            int pods = subject.objects().pods().size();
            if (pods == 4) {
              throw new IllegalStateException("four");
            }
            return pods < 5 ? PolicyVerdict.pass() : PolicyVerdict.fail("A crowd");
          }
        };
    List<PolicyRule> rules = new ArrayList<>(ENGINE.rules());
    rules.add(crowd);
    return PolicyEngine.of(rules, (rule, failure) -> {});
  }

  /** A cluster of which one thing changes at a time, often back to what it was. */
  private static final class Drawn {
    private final SplittableRandom random;
    private final List<List<Resource>> objects = new ArrayList<>();
    private int nodes = 2;
    private boolean complete = true;
    private PolicyContext context = STAGING;

    Drawn(SplittableRandom random) {
      this.random = random;
      for (int i = 0; i < 8; i++) {
        objects.add(one(i));
      }
    }

    void change() {
      int what = random.nextInt(12);
      switch (what) {
        case 8 -> nodes = 1 + random.nextInt(2);
        case 9 -> context = said().at(context.clusterNow());
        case 10 -> context = context.at(Instant.ofEpochMilli(random.nextInt(3) * 3_000_000L));
        case 11 -> complete = random.nextInt(4) > 0;
        default -> objects.set(what, random.nextInt(4) == 0 ? List.of() : one(what));
      }
    }

    private PolicyContext said() {
      PolicyContext said =
          PolicyContext.of(pick(Environment.values())).with(pick(PolicyProfile.values()));
      return switch (random.nextInt(4)) {
        case 0 -> said.with(Exemption.workload("shop", "web", "known"));
        case 1 -> said.with("shop", pick(PolicyProfile.values()));
        case 2 -> said.kubernetes(20 + random.nextInt(18));
        default -> said;
      };
    }

    ClusterSnapshot snapshot() {
      List<Resource> all = new ArrayList<>(List.of(Node.of("n1", "n1", true)));
      if (nodes == 2) {
        all.add(Node.of("n2", "n2", true));
      }
      objects.forEach(all::addAll);
      ClusterSnapshot snapshot = Clusters.of(all.toArray(new Resource[0]));
      return complete
          ? snapshot
          : Clusters.with(snapshot, Section.SERVICE_ACCOUNTS, SectionStatus.State.ERROR);
    }

    /** One or no object for each place; the last are pods of the first and of what is not told. */
    private List<Resource> one(int place) {
      String template = pick(PLAIN, PRIVILEGED, HOST_PATH, PUBLIC);
      return switch (place) {
        case 0 -> List.of(deployment(template));
        case 1 -> List.of(Clusters.workload("Deployment", "api", "'paused': false", template));
        case 2 -> List.of(job(template));
        case 3 -> List.of(account());
        case 4 -> List.of(autoscaler());
        case 5 -> pods("web-", "Deployment", "web", template);
        case 6 -> pods("db-", "Cluster", "db", template);
        default -> List.of(pod("tool", bare(), template, pick("Running", "Failed")));
      };
    }

    private Workload deployment(String template) {
      String meta =
          pick(
              "",
              ", 'annotations': {'niro.cx/exempt-privileged-container': 'why'}",
              ", 'annotations': {'niro.cx/exempt-acme-crowd': 'why'}",
              ", 'labels': {'helmcharts.helm.cattle.io/chart': 'x'}",
              ", 'deletedAt': 5");
      String hash =
          random.nextInt(4) == 0 ? "" : "'templateHash': '%s', ".formatted(template.hashCode());
      return Clusters.read(
          Workload.class,
          "{'meta': {'uid': 'u%d', 'namespace': 'shop', 'name': 'web'%s}, 'kind': 'Deployment', 'desiredReplicas': %d, %s'template': %s}"
              .formatted(random.nextInt(3), meta, random.nextInt(3), hash, template));
    }

    private Workload job(String template) {
      String members = pick("'job': {}", "'job': {'completedAt': 5}");
      String meta = pick("", owned("CronJob", "backup", random.nextInt(3)));
      return Clusters.read(
          Workload.class,
          "{'meta': {'uid': 'j', 'namespace': 'shop', 'name': 'backup-1'%s}, 'kind': 'Job', %s, 'template': %s}"
              .formatted(meta, members, template));
    }

    private List<Resource> pods(String name, String kind, String owner, String template) {
      List<Resource> pods = new ArrayList<>();
      for (int i = 0; i <= random.nextInt(3); i++) {
        String meta = owned(kind, owner, random.nextInt(3)) + pick("", ", 'deletedAt': 9");
        pods.add(pod(name + random.nextInt(9) + i, meta, template, pick("Running", "Failed")));
      }
      return pods;
    }

    private String bare() {
      return ", 'createdAt': %d%s"
          .formatted(
              random.nextInt(3) * 1000, pick("", ", 'annotations': {'helm.sh/hook': 'test'}"));
    }

    private ServiceAccount account() {
      return Clusters.read(
          ServiceAccount.class,
          "{'meta': {'uid': 's', 'namespace': 'shop', 'name': 'default'}, 'imagePullSecrets': [%s]}"
              .formatted(pick("", "'key'")));
    }

    private Autoscaler autoscaler() {
      return Clusters.read(
          Autoscaler.class,
          "{'meta': {'uid': 'a', 'namespace': 'shop', 'name': 'web'}, 'target': {'kind': 'Deployment', 'name': 'web'}, 'minReplicas': %d}"
              .formatted(1 + random.nextInt(2)));
    }

    @SafeVarargs
    private <T> T pick(T... those) {
      return those[random.nextInt(those.length)];
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'uid': 'v', 'name': 'web' | true",
        "'uid': 'u', 'name': 'other' | true",
        "'uid': 'u', 'name': 'web', 'namespace': 'shop' | true",
        "'uid': 'u', 'name': 'web', 'createdAt': 5 | true",
        "'uid': 'u', 'name': 'web', 'deletedAt': 5 | true",
        "'uid': 'u', 'name': 'web', 'labels': {'a': 'b'} | true",
        "'uid': 'u', 'name': 'web', 'annotations': {'a': 'b'} | true",
        "'uid': 'u', 'name': 'web', 'owner': {'kind': 'Job', 'name': 'j'} | true",
        "'uid': 'u', 'name': 'web', 'rootOwner': {'kind': 'Job', 'name': 'j'} | true",
        "'uid': 'u', 'name': 'web', 'hash': 'other' | false",
        "'uid': 'u', 'name': 'web' | false"
      })
  void of_the_metadata_all_but_the_hash_is_heeded(String members, boolean heeded) {
    assertThat(ENGINE.heeds(named("'uid': 'u', 'name': 'web'"), named(members))).isEqualTo(heeded);
    assertThat(ObjectMeta.class.getRecordComponents()).as("those above").hasSize(10);
  }

  private static ClusterSnapshot named(String meta) {
    return Clusters.of(
        Clusters.read(Workload.class, "{'meta': {%s}, 'kind': 'Deployment'}".formatted(meta)));
  }

  @Test
  void two_names_of_workloads_are_equal_exactly_when_their_scopes_are() {
    List<WorkloadName> names = new ArrayList<>();
    for (String text : new String[] {"a/b/c/d", "a/b/c", "a//b/c", "//a/b", "a/b//c"}) {
      String[] parts = text.split("/", -1);
      for (int kind = 1; kind < parts.length; kind++) {
        for (int name = kind + 1; name < parts.length; name++) {
          names.add(
              WorkloadName.of(
                  join(parts, 0, kind), join(parts, kind, name), join(parts, name, parts.length)));
        }
      }
    }
    for (WorkloadName one : names) {
      assertThat(WorkloadName.of(one.scope())).isEqualTo(one);
      for (WorkloadName other : names) {
        assertThat(one.equals(other)).isEqualTo(one.scope().equals(other.scope()));
      }
    }
    assertThat(WorkloadName.of(Scope.CLUSTER)).isNull();
    assertThat(WorkloadName.of(Scope.node("n"))).isNull();
    assertThat(WorkloadName.of(new Scope("ns/shop/Deployment"))).isNull();
  }

  private static String join(String[] parts, int from, int to) {
    return String.join("/", List.of(parts).subList(from, to));
  }
}
