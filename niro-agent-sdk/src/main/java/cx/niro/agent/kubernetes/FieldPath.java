package cx.niro.agent.kubernetes;

import java.util.ArrayList;
import java.util.List;

/** The way to a field: names of members and numbers of elements. */
record FieldPath(List<Object> steps) {
  static final FieldPath ROOT = new FieldPath(List.of());

  FieldPath {
    steps = List.copyOf(steps);
  }

  FieldPath member(String name) {
    return plus(name);
  }

  FieldPath element(int index) {
    return plus(index);
  }

  private FieldPath plus(Object step) {
    List<Object> more = new ArrayList<>(steps);
    more.add(step);
    return new FieldPath(more);
  }

  /** Whether it begins with these members. */
  boolean isUnder(String... members) {
    return steps.size() >= members.length
        && steps.subList(0, members.length).equals(List.of((Object[]) members));
  }

  /** The member that it ends with, without numbers of elements; empty for the root. */
  String lastMember() {
    for (int i = steps.size() - 1; i >= 0; i--) {
      if (steps.get(i) instanceof String name) {
        return name;
      }
    }
    return "";
  }

  /** The member that the last member is in; empty when there is none. */
  String parentMember() {
    int size = steps.size();
    return size < 2 ? "" : new FieldPath(steps.subList(0, size - 1)).lastMember();
  }

  /** A JSON pointer. */
  @Override
  public String toString() {
    StringBuilder pointer = new StringBuilder();
    for (Object step : steps) {
      pointer.append('/').append(step.toString().replace("~", "~0").replace("/", "~1"));
    }
    return pointer.toString();
  }
}
