package cx.niro.core.policy;

import java.util.regex.Pattern;

/** Names a policy rule, in kebab-case; embedders make their own as {@code acme-something}. */
public record PolicyId(String value) implements Comparable<PolicyId> {
  private static final Pattern SHAPE = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

  public PolicyId {
    if (value.length() > 64 || !SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "policy id must be kebab-case of at most 64 characters, but was '" + value + "'");
    }
  }

  @Override
  public int compareTo(PolicyId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
