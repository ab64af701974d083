package cx.niro.core.managed;

/** How large managed deployments and reports about them may be. */
public final class ManagedLimits {
  /** A deployment's name: a DNS label. */
  public static final int NAME_CHARS = 63;

  /** Objects of one deployment. */
  public static final int OBJECTS = 1_000;

  /** Field managers in {@code cedeTo}. */
  public static final int CEDE_TO = 32;

  /** Conflicts and ceded fields that one report lists. */
  public static final int LISTED = 200;

  /** Fields of one conflict, and changes of one object. */
  public static final int FIELDS = 50;

  /** What is said of one object. */
  public static final int MESSAGE_CHARS = 512;

  /** A value of a field. */
  public static final int VALUE_CHARS = 256;

  private ManagedLimits() {}
}
