package cx.niro.core.managed;

import java.util.regex.Pattern;

/** One image for good, whatever its tags are moved to. */
public record ImageDigest(String value) {
  private static final Pattern SHA256 = Pattern.compile("sha256:[0-9a-f]{64}");
  private static final int SHOWN = 80;

  /** Refuses anything but {@code sha256:} and 64 of {@code 0-9 a-f}. */
  public ImageDigest {
    if (!SHA256.matcher(value).matches()) {
      String shown = value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "…";
      throw new IllegalArgumentException(
          "digest must be sha256: and 64 of 0-9 a-f but was '" + shown + "'");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
