package cx.niro.core.internal;

import com.squareup.moshi.JsonWriter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** How the values of one type look in JSON. */
public interface Form<T> {
  /** Reads a value that is there and is not {@code null}. */
  T read(JsonInput in) throws IOException;

  void write(JsonWriter out, T value) throws IOException;

  /** What an absent member means; null when it must be there. */
  default @Nullable T absent() {
    return null;
  }

  /** What a {@code null} that was sent means; null for the same as an absent member. */
  default @Nullable T ofNull() {
    return null;
  }

  /** Whether a value says nothing that {@link #absent} would not say. */
  default boolean isEmpty(T value) {
    return false;
  }
}
