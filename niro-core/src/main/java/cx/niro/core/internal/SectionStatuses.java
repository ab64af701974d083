package cx.niro.core.internal;

import com.squareup.moshi.JsonWriter;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.core.snapshot.SectionStatus.State;
import cx.niro.core.snapshot.Text;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a section is. A state of a newer agent is an error with a reason, not a refused beat. */
final class SectionStatuses implements Form<SectionStatus> {
  private static final int SHOWN_CHARS = 40;

  /** What is on the wire. */
  record Members(
      String state,
      @Nullable Integer total,
      int dropped,
      @Nullable @Text(max = 256) String reason) {
    SectionStatus status() {
      Integer seen = total == null || total < 0 ? null : total;
      return Arrays.stream(State.values())
          .filter(known -> name(known).equals(state))
          .findFirst()
          .map(known -> new SectionStatus(known, seen, dropped, reason))
          .orElseGet(() -> new SectionStatus(State.ERROR, seen, dropped, unknown()));
    }

    private String unknown() {
      return "the agent gave a state that is not known here: " + Texts.cutPath(state, SHOWN_CHARS);
    }
  }

  private final Form<Members> members;

  SectionStatuses(Form<Members> members) {
    this.members = members;
  }

  private static String name(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public SectionStatus read(JsonInput in) throws IOException {
    return members.read(in).status();
  }

  @Override
  public void write(JsonWriter out, SectionStatus value) throws IOException {
    members.write(
        out, new Members(name(value.state()), value.total(), value.dropped(), value.reason()));
  }
}
