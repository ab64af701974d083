package cx.niro.core.internal;

import com.squareup.moshi.JsonWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** A list or set; {@code null} elements are left out. */
final class Lists<E, C extends Collection<E>> implements Form<C> {
  private final Form<E> element;
  private final int max;
  private final Function<List<E>, C> copy;

  Lists(Form<E> element, int max, Function<List<E>, C> copy) {
    this.element = element;
    this.max = max;
    this.copy = copy;
  }

  @Override
  public C read(JsonInput in) throws IOException {
    List<E> elements = new ArrayList<>();
    in.beginArray();
    while (in.hasNext()) {
      if (in.nextNull()) {
        continue;
      }
      if (elements.size() == max) {
        throw in.bad("the list must have at most " + max + " elements");
      }
      elements.add(element.read(in));
    }
    in.endArray();
    return copy.apply(elements);
  }

  @Override
  public void write(JsonWriter out, C value) throws IOException {
    out.beginArray();
    for (E each : value) {
      element.write(out, each);
    }
    out.endArray();
  }

  @Override
  public C absent() {
    return copy.apply(List.of());
  }

  @Override
  public boolean isEmpty(C value) {
    return value.isEmpty();
  }
}
