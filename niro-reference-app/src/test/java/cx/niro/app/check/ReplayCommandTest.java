package cx.niro.app.check;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.app.Json;
import cx.niro.app.Main;
import cx.niro.app.cli.Document;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReplayCommandTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir Path folder;
  private final List<String> lines = new ArrayList<>();
  private int beats;

  private record Run(int exit, String out, String err) {
    List<Document> incidents() {
      return Document.of(Json.parse(out)).documents("incidents");
    }
  }

  private Run replay(String... more) throws IOException {
    Path file = Files.write(folder.resolve("beats.jsonl"), lines);
    List<String> arguments = new ArrayList<>(List.of("replay", file.toString(), "-o", "json"));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  private static Run run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return new Run(line.execute(arguments), out.toString(), err.toString());
  }

  /** A beat 15 s after the one before. */
  private void beat(String content) {
    Instant at = START.plusSeconds(15L * beats);
    beats++;
    lines.add(
        """
        {"receivedAt": "%s", "heartbeat": {"bootId": "boot-1", "sequence": %d,
         "timing": {"sentAt": %d, "intervalMillis": 15000}, "content": %s}}"""
            .formatted(at, beats, at.toEpochMilli(), content)
            .replace("\n", ""));
  }

  private static String full(int revision, String ready) {
    return """
    {"form": "full", "revision": %d, "snapshot": {"sections": {"nodes": {"state": "complete"}},
      "objects": {"nodes": [{"meta": {"uid": "u1", "name": "n1"},
        "conditions": [{"type": "Ready", "status": "%s"}]}]}}}"""
        .formatted(revision, ready);
  }

  private void unchanged(int revision, int times) {
    for (int i = 0; i < times; i++) {
      beat("{\"form\": \"unchanged\", \"revision\": %d}".formatted(revision));
    }
  }

  @Test
  void a_recorded_outage_of_a_node_opens_and_resolves_at_its_times() throws Exception {
    beat(full(1, "True"));
    unchanged(1, 20);
    beat(full(2, "False"));
    unchanged(2, 20);
    beat(full(3, "True"));
    unchanged(3, 20);
    Run run = replay();
    assertThat(run.err()).isEmpty();
    assertThat(run.incidents()).hasSize(1);
    Document incident = run.incidents().get(0);
    assertThat(incident.text("type")).contains("node_not_ready");
    assertThat(incident.text("scope")).contains("node/n1");
    Instant broke = START.plusSeconds(15 * 21);
    assertThat(Instant.parse(incident.text("opened").orElseThrow()))
        .isBetween(broke.plusSeconds(120), broke.plusSeconds(136));
    Instant mended = START.plusSeconds(15 * 42);
    assertThat(Instant.parse(incident.text("resolved").orElseThrow()))
        .isBetween(mended.plusSeconds(120), mended.plusSeconds(136));
    assertThat(replay("--profile", "conservative").incidents()).isEmpty();
  }

  @Test
  void silence_in_a_recording_is_an_incident_that_the_next_beat_ends() throws Exception {
    beat(full(1, "True"));
    unchanged(1, 20);
    beats += 40;
    unchanged(1, 1);
    Run run = replay();
    assertThat(run.incidents())
        .extracting(incident -> incident.text("type").orElse(""))
        .contains("cluster_offline");
    assertThat(run.incidents().get(0).text("resolved"))
        .contains(START.plusSeconds(15 * 61).toString());
  }

  @Test
  void a_last_line_that_was_cut_off_is_left_out_and_named() throws Exception {
    beat(full(1, "False"));
    unchanged(1, 20);
    String whole = String.join("\n", lines) + "\n";
    for (String torn : List.of("{\"receivedAt\": \"2026-", "{\"receivedAt\": \"\u00fc")) {
      byte[] bytes = (whole + torn).getBytes(StandardCharsets.UTF_8);
      Path file = folder.resolve("torn.jsonl");
      Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
      Run run = run("replay", file.toString(), "-o", "json");
      assertThat(run.exit()).as(run.err()).isZero();
      assertThat(run.incidents()).hasSize(1);
      assertThat(run.err())
          .contains("torn.jsonl, line 22: ")
          .contains("has no end and is left out");
    }
  }

  @Test
  void a_line_in_the_middle_that_is_not_utf_8_is_named() throws Exception {
    Path file = folder.resolve("latin.jsonl");
    Files.writeString(file, "\n{\"a\": \"\u00fc\"}\n", StandardCharsets.ISO_8859_1);
    Run run = run("replay", file.toString());
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("latin.jsonl, line 2: is not UTF-8");
  }

  @Test
  void a_line_that_is_no_heartbeat_is_named() throws Exception {
    beat(full(1, "True"));
    lines.add("{\"receivedAt\": 1}");
    Run run = replay();
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("beats.jsonl, line 2: heartbeat is missing");
    lines.remove(1);
    beats += 4 * 60 * 24 * 32;
    beat(full(2, "True"));
    assertThat(replay().err()).contains("line 2: receivedAt is more than 31 days after");
    beats = 0;
    lines.add(0, lines.remove(1));
    assertThat(replay().err()).contains("line 2: receivedAt is earlier than that of the line");
  }
}
