package cx.niro.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ErrorCode;
import cx.niro.core.managed.ApplyReport;
import cx.niro.core.managed.ApplyRequest;
import cx.niro.core.managed.DeleteRequest;
import cx.niro.core.managed.DiffReport;
import cx.niro.core.managed.DiffRequest;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Inventory;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/protocol.md} says what the code does. */
class ProtocolPageTest {
  private static final Pattern QUOTED =
      Pattern.compile("<!-- golden: ([\\w-]+) -->\\n```json\\n(.*?)```", Pattern.DOTALL);

  /** Answered by the REST API only. */
  private static final Set<ErrorCode> REST_ONLY =
      EnumSet.of(
          ErrorCode.STREAM_UNREACHABLE,
          ErrorCode.NOT_AUTHENTICATED,
          ErrorCode.FORBIDDEN,
          ErrorCode.UNKNOWN_PARAMETER,
          ErrorCode.CONFIRMATION_REQUIRED,
          ErrorCode.NAME_TAKEN,
          ErrorCode.CAPABILITY_MISSING,
          ErrorCode.AGENT_DUPLICATE,
          ErrorCode.TOO_MANY_COMMANDS,
          ErrorCode.COMMAND_FINISHED,
          ErrorCode.IDEMPOTENCY_CONFLICT,
          ErrorCode.INCIDENT_FIRING,
          ErrorCode.INCIDENT_RESOLVED);

  /** How the page says what Java holds in a type of its own. */
  private static final Set<String> NOT_NAMED = Set.of("delta", "snapshot", "objects");

  private final String page = page();

  private static String page() {
    try {
      return Files.readString(Path.of("..", "docs", "protocol.md"));
    } catch (IOException e) {
      throw new IllegalStateException("run from the module's folder", e);
    }
  }

  @Test
  void it_quotes_every_golden_document_as_it_is() {
    Map<String, String> quoted = new HashMap<>();
    Matcher matcher = QUOTED.matcher(page);
    while (matcher.find()) {
      quoted.put(matcher.group(1), matcher.group(2));
    }

    for (Golden golden : Golden.all()) {
      assertThat(quoted).as(golden.name()).containsEntry(golden.name(), golden.text());
    }
    assertThat(quoted).hasSize(Golden.all().size());
  }

  @Test
  void it_lists_every_error_that_an_agent_can_meet_with_its_status() {
    for (ErrorCode code : EnumSet.complementOf(EnumSet.copyOf(REST_ONLY))) {
      assertThat(page).contains("| `" + code.wireName() + "` | " + code.httpStatus() + " |");
    }
    for (ErrorCode code : REST_ONLY) {
      assertThat(page).doesNotContain("| `" + code.wireName() + "` |");
    }
  }

  @Test
  void it_names_every_member_of_every_message() {
    List<Class<?>> messages =
        List.of(
            EnrollRequest.class,
            EnrollReply.class,
            Heartbeat.class,
            HeartbeatReply.class,
            BeatContent.Delta.class,
            PollRequest.class,
            PollReply.class,
            CommandResult.class,
            ResultReply.class,
            KeyRequest.class,
            KeyReply.class,
            LogRequest.class,
            LogPiece.class,
            StreamReply.class,
            Goodbye.class,
            Problem.class,
            ApplyRequest.class,
            ApplyReport.class,
            DeleteRequest.class,
            DiffRequest.class,
            DiffReport.class,
            ClusterSnapshot.class,
            Inventory.class);
    Set<Class<?>> records = new LinkedHashSet<>();
    messages.forEach(type -> collect(type, records));

    Set<String> missing = new TreeSet<>();
    for (Class<?> type : records) {
      for (RecordComponent component : type.getRecordComponents()) {
        String name = component.getName();
        boolean named = page.matches("(?s).*[`.]" + name + "[`.].*");
        if (!named && !NOT_NAMED.contains(name)) {
          missing.add(type.getSimpleName() + "." + name);
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  private static void collect(Type type, Set<Class<?>> records) {
    if (type instanceof ParameterizedType generic) {
      for (Type part : generic.getActualTypeArguments()) {
        collect(part, records);
      }
    }
    if (type instanceof Class<?> plain && plain.isRecord() && !isText(plain)) {
      if (records.add(plain)) {
        for (RecordComponent component : plain.getRecordComponents()) {
          collect(component.getGenericType(), records);
        }
      }
    }
  }

  private static boolean isText(Class<?> type) {
    return type.getRecordComponents().length == 1
        && type.getRecordComponents()[0].getName().matches("value|text|names");
  }

  @Test
  void it_names_every_limit() {
    assertThat(page)
        .contains(
            "nested " + Limits.DEPTH + " deep",
            "700,000 texts",
            "50,000 objects",
            "1,000 members",
            "1,024 characters",
            "one text has at most 4 MiB",
            "| 16 KiB |",
            "| 16 MiB |",
            "| 1 MiB |",
            "| 512 KiB |",
            "2,000 lines",
            "16,384 characters",
            "at most 8 MiB",
            "payload at most 4 MiB");
    assertThat(List.of(Limits.VALUES, Limits.SECTION_OBJECTS, Limits.MEMBERS, Limits.TEXT_CHARS))
        .containsExactly(700_000, 50_000, 1_000, 1_024);
  }
}
