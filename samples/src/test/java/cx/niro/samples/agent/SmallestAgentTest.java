package cx.niro.samples.agent;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.testkit.FakeCluster;
import cx.niro.agent.testkit.FakeServer;
import cx.niro.core.CommandId;
import cx.niro.core.protocol.CommandState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmallestAgentTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  @Test
  void the_machine_shows_up_and_brews(@TempDir Path folder) throws InterruptedException {
    try (FakeServer server = FakeServer.start()) {
      FakeCluster cluster = server.newCluster();
      String keys = folder.resolve("keys").toString();
      Thread main =
          new Thread(
              () -> {
                try {
                  SmallestAgentMain.main(new String[] {server.url(), keys, cluster.token()});
                } catch (InterruptedException stopped) {
                  Thread.currentThread().interrupt();
                }
              });
      main.start();
      await(() -> !cluster.polls().isEmpty());
      CommandId brew = cluster.offer("acme.brew", "{}");
      await(() -> cluster.result(brew).isPresent());

      assertThat(cluster.result(brew).orElseThrow().state()).isEqualTo(CommandState.SUCCEEDED);
      assertThat(cluster.snapshot().objects().nodes()).hasSize(1);
      main.interrupt();
      main.join(10_000);
      assertThat(cluster.goodbyes()).hasSize(1);
    }
  }

  @Test
  void it_has_at_most_60_lines() throws IOException {
    Path source =
        ROOT.resolve("samples/src/main/java/cx/niro/samples/agent/SmallestAgentMain.java");
    assertThat(Files.readAllLines(source)).hasSizeLessThanOrEqualTo(60);
  }

  @Test
  void every_java_snippet_of_the_first_page_and_the_page_about_agents_is_compiled_code()
      throws IOException {
    String page =
        Files.readString(ROOT.resolve("docs/agent.md"))
            + Files.readString(ROOT.resolve("README.md"));
    String code = squeezed(sources());
    Matcher snippets = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL).matcher(page);
    List<String> strange = new ArrayList<>();
    int found = 0;
    while (snippets.find()) {
      found++;
      if (!code.contains(squeezed(snippets.group(1)))) {
        strange.add(snippets.group(1));
      }
    }
    assertThat(found).isPositive();
    assertThat(strange).isEmpty();
  }

  private static String sources() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String folder : List.of("samples/src", "niro-agent-sdk/src", "niro-server-sdk/src/test")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .forEach(file -> all.append(read(file)).append('\n'));
      }
    }
    return all.toString();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String squeezed(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }
}
