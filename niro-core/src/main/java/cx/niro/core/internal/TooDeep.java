package cx.niro.core.internal;

import cx.niro.core.protocol.Limits;

/** Nesting over the limit: unlike a {@link BadValue} it cannot be skipped. */
public final class TooDeep extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String path;

  TooDeep(String path) {
    super("nested deeper than the limit of " + Limits.DEPTH, null, false, false);
    this.path = path;
  }

  public String path() {
    return path;
  }
}
