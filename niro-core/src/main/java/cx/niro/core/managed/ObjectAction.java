package cx.niro.core.managed;

import java.util.Locale;

/** What became of one object. */
public enum ObjectAction {
  CREATED,
  CONFIGURED,
  UNCHANGED,
  /** Tried, or not valid. */
  FAILED,
  /** Could not be checked before the apply ended for another reason. */
  UNVERIFIED,
  /** Left alone: not ours, or never reached. */
  SKIPPED,
  /** Deleted. */
  PRUNED,
  /** Would have been deleted, but holds data or asks to be kept. */
  KEPT;

  /** The name on the wire and in the REST API, for example {@code created}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
