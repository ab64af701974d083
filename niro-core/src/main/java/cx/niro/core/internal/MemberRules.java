package cx.niro.core.internal;

import com.squareup.moshi.JsonWriter;
import cx.niro.core.protocol.Limits;
import cx.niro.core.protocol.NullMeans;
import cx.niro.core.protocol.Range;
import cx.niro.core.protocol.Token;
import cx.niro.core.snapshot.ObjectMeta;
import cx.niro.core.snapshot.SnapshotDelta;
import cx.niro.core.snapshot.Text;
import cx.niro.core.snapshot.Usage;
import java.io.IOException;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules for the members of one record: what they may hold and which may be absent. */
final class MemberRules {
  private static final int UID_CHARS = 128;
  private static final int HASH_CHARS = 32;

  private final FormTable table;
  private final Class<?> type;
  private final boolean rest;

  MemberRules(FormTable table, Class<?> type, boolean rest) {
    this.table = table;
    this.type = type;
    this.rest = rest;
  }

  @SuppressWarnings("unchecked")
  Records.Member of(RecordComponent component) {
    component.getAccessor().setAccessible(true);
    return new Records.Member(
        component.getName(),
        (Form<Object>) form(component),
        isNullable(component),
        !rest && inSnapshot(),
        component.getAccessor());
  }

  private static boolean isNullable(RecordComponent component) {
    AnnotatedType type = component.getAnnotatedType();
    return type.isAnnotationPresent(Nullable.class);
  }

  private boolean inSnapshot() {
    return type.getPackage() == ObjectMeta.class.getPackage()
        || type == SectionStatuses.Members.class;
  }

  private Form<?> form(RecordComponent component) {
    Type raw = component.getGenericType();
    if (raw == String.class) {
      return text(component);
    }
    if (raw == Long.class || raw == long.class) {
      return whole(component);
    }
    if (raw == Integer.class || raw == int.class) {
      return wholeInt(component);
    }
    Range range = component.getAnnotation(Range.class);
    if (range != null && raw instanceof ParameterizedType list) {
      return list(component, list, (int) range.max());
    }
    return type == Usage.Columns.class || type == SnapshotDelta.class
        ? wide(component)
        : table.of(raw);
  }

  private Form<?> list(RecordComponent component, ParameterizedType list, int max) {
    Text text = component.getAnnotation(Text.class);
    return text == null
        ? table.listOf(list, max)
        : new Lists<>(Scalars.text(text.max()), max, List::copyOf);
  }

  private Form<String> text(RecordComponent component) {
    Text text = component.getAnnotation(Text.class);
    if (text != null) {
      return Scalars.text(text.max());
    }
    Token token = component.getAnnotation(Token.class);
    if (token != null) {
      return Scalars.token(token.min(), token.max());
    }
    if (inSnapshot()) {
      return inSnapshot(component.getName());
    }
    return Scalars.text(rest ? Integer.MAX_VALUE : Limits.TEXT_CHARS);
  }

  private static Form<String> inSnapshot(String name) {
    return switch (name) {
      case "uid" -> Scalars.name(UID_CHARS);
      case "hash" -> Scalars.name(HASH_CHARS);
      case "name", "namespace" -> Scalars.name(Limits.NAME_CHARS);
      default -> Scalars.text(Limits.TEXT_CHARS);
    };
  }

  private Form<Long> whole(RecordComponent component) {
    Range range = component.getAnnotation(Range.class);
    if (rest && inSnapshot() && component.getName().endsWith("At")) {
      return Scalars.MILLIS_AS_RFC3339;
    }
    return range == null ? Scalars.LONG : Scalars.whole(range.min(), range.max());
  }

  private Form<Integer> wholeInt(RecordComponent component) {
    Range range = component.getAnnotation(Range.class);
    if (type == SectionStatuses.Members.class && component.getName().equals("dropped")) {
      return new NoneUnlessSaid();
    }
    NullMeans meaning = component.getAnnotation(NullMeans.class);
    if (meaning != null) {
      return new Scalars.Withdrawable(meaning.value());
    }
    return range == null ? Scalars.INT : Scalars.wholeInt(range.min(), range.max());
  }

  /** Lists that run over all objects of a section. */
  private Form<?> wide(RecordComponent component) {
    return switch (component.getName()) {
      case "uids", "names" -> wide(Scalars.text(Limits.NAME_CHARS));
      case "cpuMillis", "memoryBytes" -> wide(Scalars.LONG);
      case "removed" -> table.mapOf(component, wide(Scalars.text(UID_CHARS)));
      default -> table.of(component.getGenericType());
    };
  }

  private static <E> Form<List<E>> wide(Form<E> element) {
    return new Lists<>(element, Limits.SECTION_OBJECTS, List::copyOf);
  }

  static Usage.Columns checkColumns(JsonInput in, Usage.Columns value) {
    int rows = value.uids().size();
    boolean even =
        (value.names().isEmpty() || value.names().size() == rows)
            && value.cpuMillis().size() == rows
            && value.memoryBytes().size() == rows;
    if (!even) {
      throw in.badObject(
          "the columns must have one length but have "
              + List.of(
                  rows,
                  value.names().size(),
                  value.cpuMillis().size(),
                  value.memoryBytes().size()));
    }
    return value;
  }

  static String checkKey(String name) {
    if (name.length() > Limits.TEXT_CHARS || !Texts.isClean(name)) {
      throw new IllegalArgumentException(
          "must have at most " + Limits.TEXT_CHARS + " characters and no NUL");
    }
    return name;
  }

  /** A count that is 0 when it is absent. */
  private static final class NoneUnlessSaid implements Form<Integer> {
    private final Form<Integer> count = Scalars.wholeInt(0, Integer.MAX_VALUE);

    @Override
    public Integer read(JsonInput in) throws IOException {
      return count.read(in);
    }

    @Override
    public void write(JsonWriter out, Integer value) throws IOException {
      count.write(out, value);
    }

    @Override
    public Integer absent() {
      return 0;
    }

    @Override
    public boolean isEmpty(Integer value) {
      return value == 0;
    }
  }
}
