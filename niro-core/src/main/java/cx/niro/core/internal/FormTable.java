package cx.niro.core.internal;

import cx.niro.core.protocol.BeatContent;
import cx.niro.core.protocol.Limits;
import cx.niro.core.protocol.RawJson;
import cx.niro.core.snapshot.Capabilities;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.core.snapshot.SnapshotDelta;
import cx.niro.core.snapshot.Usage;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Finds the form of a type and keeps it; safe to share between threads. */
public final class FormTable {
  private final boolean rest;
  private final Map<Type, Form<?>> forms = new ConcurrentHashMap<>();

  /**
   * @param rest whether this is the REST API's door: instants as RFC 3339 texts, nothing left out
   *     because it is empty or null, nothing clipped
   */
  public FormTable(boolean rest) {
    this.rest = rest;
    forms.put(Object.class, new Dynamic(this));
    forms.put(String.class, Scalars.text(rest ? Integer.MAX_VALUE : Limits.TEXT_CHARS));
    forms.put(Long.class, Scalars.LONG);
    forms.put(long.class, Scalars.LONG);
    forms.put(Integer.class, Scalars.INT);
    forms.put(int.class, Scalars.INT);
    forms.put(Boolean.class, Scalars.BOOLEAN);
    forms.put(boolean.class, Scalars.BOOLEAN);
    forms.put(Double.class, Scalars.DOUBLE);
    forms.put(double.class, Scalars.DOUBLE);
    forms.put(Instant.class, rest ? Scalars.RFC3339 : Scalars.MILLIS);
    forms.put(RawJson.class, new Scalars.Raw());
    forms.put(Capabilities.class, new Scalars.Granted(set(Scalars.token(1, 128))));
    forms.put(Inventory.class, new Inventories(this, !rest));
    forms.put(
        SectionStatus.class,
        new SectionStatuses(record(SectionStatuses.Members.class, (in, value) -> value)));
    forms.put(BeatContent.class, new Contents(record(Contents.Members.class, Contents::check)));
  }

  @SuppressWarnings("unchecked")
  public <T> Form<T> of(Class<T> type) {
    return (Form<T>) of((Type) type);
  }

  /** The form of what {@code value} is. */
  @SuppressWarnings("unchecked")
  public Form<Object> ofValue(Object value) {
    Class<?> type = value instanceof Enum<?> word ? word.getDeclaringClass() : value.getClass();
    boolean plural = value instanceof Map || value instanceof Iterable;
    return (Form<Object>) of(plural ? Object.class : type);
  }

  Form<?> of(Type type) {
    Form<?> known = forms.get(type);
    if (known != null) {
      return known;
    }
    Form<?> made = make(type);
    Form<?> first = forms.putIfAbsent(type, made);
    return first == null ? made : first;
  }

  private Form<?> make(Type type) {
    if (type instanceof ParameterizedType generic) {
      return makeGeneric(generic);
    }
    if (!(type instanceof Class<?> plain)) {
      return of(Object.class);
    }
    if (BeatContent.class.isAssignableFrom(plain)) {
      return of((Type) BeatContent.class);
    }
    if (plain.isEnum()) {
      return words(plain);
    }
    if (plain.isRecord()) {
      return makeRecord(plain);
    }
    if (plain.isInterface()) {
      return of(Object.class);
    }
    throw new IllegalArgumentException("there is no JSON form for " + type.getTypeName());
  }

  private Form<?> makeGeneric(ParameterizedType type) {
    Class<?> raw = (Class<?>) type.getRawType();
    Type[] parts = type.getActualTypeArguments();
    if (raw == List.class) {
      return new Lists<>(object(parts[0]), limit(), List::copyOf);
    }
    if (raw == Set.class) {
      return set(object(parts[0]));
    }
    if (raw == Map.class) {
      return new Maps<>(keys(parts[0]), object(parts[1]), limit());
    }
    return of((Type) raw);
  }

  /** A list with a limit of its own. */
  Form<?> listOf(ParameterizedType list, int max) {
    return new Lists<>(object(list.getActualTypeArguments()[0]), max, List::copyOf);
  }

  /** A map whose values have a form of their own. */
  <V> Form<?> mapOf(RecordComponent component, Form<V> values) {
    Type[] parts = ((ParameterizedType) component.getGenericType()).getActualTypeArguments();
    return new Maps<>(keys(parts[0]), values, limit());
  }

  private int limit() {
    return rest ? Limits.SECTION_OBJECTS : Limits.MEMBERS;
  }

  private <E> Form<Set<E>> set(Form<E> element) {
    return new Lists<>(
        element, limit(), list -> Collections.unmodifiableSet(new LinkedHashSet<>(list)));
  }

  @SuppressWarnings("unchecked")
  private Form<Object> object(Type type) {
    return (Form<Object>) of(type);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Words<?> words(Class<?> type) {
    return new Words(type);
  }

  @SuppressWarnings("unchecked")
  private Maps.Keys<Object> keys(Type type) {
    Form<Object> form = object(type);
    if (form instanceof Words<?> words) {
      return (Maps.Keys<Object>) words.keys();
    }
    if (form instanceof Ids<Object> ids) {
      return Maps.Keys.of(ids::make, ids::print);
    }
    return Maps.Keys.of(MemberRules::checkKey, String::valueOf);
  }

  /** A map's key as a member name. */
  @SuppressWarnings("unchecked")
  String nameOfKey(@Nullable Object key) {
    if (key == null || key instanceof String) {
      return String.valueOf(key);
    }
    return keys(key instanceof Enum<?> word ? word.getDeclaringClass() : key.getClass()).print(key);
  }

  private Form<?> makeRecord(Class<?> type) {
    if (type == ClusterSnapshot.class) {
      return record(ClusterSnapshot.class, FormTable::correct);
    }
    if (type == SnapshotDelta.class) {
      return record(SnapshotDelta.class, FormTable::correct);
    }
    if (type == Usage.Columns.class) {
      return record(Usage.Columns.class, MemberRules::checkColumns);
    }
    RecordComponent[] components = type.getRecordComponents();
    if (components.length == 1
        && components[0].getType() == String.class
        && components[0].getName().equals("value")) {
      components[0].getAccessor().setAccessible(true);
      return new Ids<>(constructor(type), components[0].getAccessor());
    }
    return record(type, (in, value) -> value);
  }

  private static ClusterSnapshot correct(JsonInput in, ClusterSnapshot value) {
    return !in.hasDrops()
        ? value
        : new ClusterSnapshot(value.info(), in.drops().correct(value.sections()), value.objects());
  }

  private static SnapshotDelta correct(JsonInput in, SnapshotDelta value) {
    return !in.hasDrops()
        ? value
        : new SnapshotDelta(
            value.info(), in.drops().correct(value.sections()), value.changed(), value.removed());
  }

  private <T> Records<T> record(Class<T> type, Records.Check<T> check) {
    MemberRules rules = new MemberRules(this, type, rest);
    List<Records.Member> members = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      members.add(rules.of(component));
    }
    return new Records<>(constructor(type), members, check, rest);
  }

  private static <T> Constructor<T> constructor(Class<T> type) {
    Class<?>[] parts =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<T> constructor = type.getDeclaredConstructor(parts);
      constructor.setAccessible(true);
      return constructor;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("every record has its canonical constructor", e);
    }
  }
}
