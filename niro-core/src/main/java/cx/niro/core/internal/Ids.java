package cx.niro.core.internal;

import com.squareup.moshi.JsonWriter;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/** A record that wraps one text, as that text. */
final class Ids<T> implements Form<T> {
  private static final int MAX = 1024;

  private final Constructor<T> constructor;
  private final Method accessor;

  Ids(Constructor<T> constructor, Method accessor) {
    this.constructor = constructor;
    this.accessor = accessor;
  }

  @Override
  public T read(JsonInput in) throws IOException {
    String text = in.name(MAX);
    try {
      return make(text);
    } catch (IllegalArgumentException e) {
      throw in.badRead(String.valueOf(e.getMessage()));
    }
  }

  T make(String text) {
    try {
      return constructor.newInstance(text);
    } catch (InvocationTargetException e) {
      String why = e.getCause() == null ? null : e.getCause().getMessage();
      throw new IllegalArgumentException(why == null ? "is not valid" : why, e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make a " + constructor.getDeclaringClass(), e);
    }
  }

  String print(T value) {
    try {
      return (String) accessor.invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + accessor, e);
    }
  }

  @Override
  public void write(JsonWriter out, T value) throws IOException {
    out.value(print(value));
  }
}
