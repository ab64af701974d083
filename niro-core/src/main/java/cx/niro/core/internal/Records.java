package cx.niro.core.internal;

import com.squareup.moshi.JsonWriter;
import cx.niro.core.protocol.Limits;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A record as an object with a member for each component. */
final class Records<T> implements Form<T> {
  /** One component. */
  record Member(
      String name, Form<Object> form, boolean optional, boolean omitsEmpty, Method accessor) {}

  /** A last look at a value while its path is still known. */
  interface Check<T> {
    T check(JsonInput in, T value);
  }

  private final Constructor<T> constructor;
  private final Member[] members;
  private final Names names;
  private final Check<T> check;
  private final boolean writesNulls;
  private final @Nullable T absent;

  Records(Constructor<T> constructor, List<Member> members, Check<T> check, boolean writesNulls) {
    this.constructor = constructor;
    this.members = members.toArray(new Member[0]);
    this.names = Names.of(members.stream().map(Member::name).toArray(String[]::new));
    this.check = check;
    this.writesNulls = writesNulls;
    this.absent = nothing();
  }

  @Override
  public T read(JsonInput in) throws IOException {
    in.beginObject();
    in.count();
    @Nullable Object[] values = new @Nullable Object[members.length];
    int unknown = 0;
    int last = -1;
    while (in.hasNext()) {
      int index = in.select(names, last);
      last = Math.max(index, last);
      if (index < 0 && ++unknown > Limits.MEMBERS) {
        throw in.badObject("must have at most " + Limits.MEMBERS + " unknown members");
      }
      if (index >= 0) {
        take(in, members[index].form, index, values);
      }
    }
    String missing = fill(values);
    if (missing != null) {
      throw in.badMember(missing, "is missing");
    }
    T value = check.check(in, make(in, values));
    in.endObject();
    return value;
  }

  private static void take(JsonInput in, Form<Object> form, int index, @Nullable Object[] values)
      throws IOException {
    boolean isNull = in.nextNull();
    if (isNull && form.ofNull() == null) {
      return;
    }
    if (values[index] != null) {
      throw in.bad("is there twice");
    }
    values[index] = isNull ? form.ofNull() : form.read(in);
  }

  /** Puts in what absent members mean; the name of the first that must be there, else null. */
  private @Nullable String fill(@Nullable Object[] values) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] == null && !members[i].optional) {
        values[i] = members[i].form.absent();
        if (values[i] == null) {
          return members[i].name;
        }
      }
    }
    return null;
  }

  private T make(JsonInput in, @Nullable Object[] values) {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      String why = e.getCause() == null ? null : e.getCause().getMessage();
      throw in.badObject(why == null ? "is not valid" : why);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make a " + constructor.getDeclaringClass(), e);
    }
  }

  private @Nullable T nothing() {
    @Nullable Object[] values = new @Nullable Object[members.length];
    try {
      return fill(values) == null ? constructor.newInstance(values) : null;
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  @Override
  public void write(JsonWriter out, T value) throws IOException {
    out.beginObject();
    for (Member member : members) {
      Object part = partOf(value, member);
      if (part == null) {
        writeNull(out, member);
      } else if (!(member.omitsEmpty && !member.optional && member.form.isEmpty(part))) {
        out.name(member.name);
        member.form.write(out, part);
      }
    }
    out.endObject();
  }

  private void writeNull(JsonWriter out, Member member) throws IOException {
    if (writesNulls) {
      out.name(member.name).nullValue();
    }
  }

  private static @Nullable Object partOf(Object value, Member member) {
    try {
      return member.accessor.invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + member.accessor, e);
    }
  }

  @Override
  public @Nullable T absent() {
    return absent;
  }

  @Override
  public boolean isEmpty(T value) {
    return value.equals(absent);
  }
}
