package cx.niro.core.managed;

import cx.niro.core.protocol.Range;
import cx.niro.core.snapshot.Text;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How one object compares with what is wanted.
 *
 * @param message why it could not be compared
 * @param changes at most {@value ManagedLimits#FIELDS}
 */
public record ObjectDrift(
    ObjectRef object,
    State state,
    @Nullable @Text(max = ManagedLimits.MESSAGE_CHARS) String message,
    @Range(max = ManagedLimits.FIELDS) List<FieldChange> changes) {
  /** Whether it is as wanted. */
  public enum State {
    IN_SYNC,
    MODIFIED,
    MISSING,
    /** Could not be compared. */
    UNVERIFIED;

    /** The name on the wire and in the REST API, for example {@code in_sync}. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public ObjectDrift {
    changes = List.copyOf(changes);
  }
}
