package cx.niro.agent.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.ToNumberPolicy;
import com.google.gson.reflect.TypeToken;
import cx.niro.agent.kubernetes.KubernetesObjects;
import cx.niro.core.Environment;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.Diagnosis;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.testkit.DetectionRun;
import cx.niro.core.testkit.ManualTime;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ordinary k3s clusters as {@code kubectl get -A -o json} prints them; nothing is wrong with any.
 * All were printed at 2026-01-05T11:00:00Z. One that is called {@code moving-…} was caught in the
 * middle of something and would not look so for long.
 */
class HealthyClustersTest {
  private static final Gson JSON =
      new GsonBuilder().setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE).create();
  private static final Instant PRINTED_AT =
      Instant.ofEpochMilli(DetectionRun.clusterMillis(ManualTime.START));
  private static final Duration MOVING = Duration.ofSeconds(100);
  private static final Duration SETTLED = Duration.ofHours(1);

  static Stream<Path> dumps() throws IOException, URISyntaxException {
    URL folder = Objects.requireNonNull(HealthyClustersTest.class.getResource("../healthy"));
    try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
      return files.sorted().toList().stream();
    }
  }

  @Test
  void there_are_more_than_ten_of_them() throws Exception {
    assertThat(dumps()).hasSizeGreaterThan(10);
  }

  @ParameterizedTest
  @MethodSource("dumps")
  void one_look_finds_nothing_wrong(Path dump) throws IOException {
    List<Diagnosis> found =
        DetectionEngine.standard().diagnose(cluster(dump), Environment.PRODUCTION, PRINTED_AT);
    assertThat(found).filteredOn(one -> !isMoving(dump) || !one.pending()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("dumps")
  void nothing_opens_while_it_stays_as_it_is(Path dump) throws IOException {
    ClusterSnapshot cluster = cluster(dump);
    DetectionRun run =
        DetectionRun.of(DetectionEngine.standard()).in(Environment.PRODUCTION).sees(cluster);
    run.pass(isMoving(dump) ? MOVING : SETTLED);
    assertThat(run.opened()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("dumps")
  void every_section_of_it_is_read(Path dump) throws IOException {
    ClusterSnapshot cluster = cluster(dump);
    assertThat(cluster.info().distribution()).isEqualTo("k3s");
    assertThat(cluster.objects().nodes()).isNotEmpty();
    assertThat(cluster.objects().pods()).isNotEmpty().allMatch(pod -> pod.spec() != null);
    assertThat(cluster.objects().workloads()).isNotEmpty();
    assertThat(Files.size(dump)).isLessThan(60_000);
  }

  private static boolean isMoving(Path dump) {
    return dump.getFileName().toString().startsWith("moving-");
  }

  @ParameterizedTest
  @MethodSource("dumps")
  void no_value_is_taken_for_one_of_a_wrong_type(Path dump) throws IOException {
    assertThat(objects(dump).doubts()).isEmpty();
  }

  private static ClusterSnapshot cluster(Path dump) throws IOException {
    return objects(dump).cluster();
  }

  private static KubernetesObjects objects(Path dump) throws IOException {
    KubernetesObjects objects = new KubernetesObjects();
    objects.add(JSON.fromJson(Files.readString(dump), new TypeToken<Map<String, Object>>() {}));
    return objects;
  }
}
