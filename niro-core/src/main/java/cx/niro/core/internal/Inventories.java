package cx.niro.core.internal;

import com.squareup.moshi.JsonWriter;
import cx.niro.core.protocol.Limits;
import cx.niro.core.snapshot.Autoscaler;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.PersistentVolumeClaim;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Resource;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.ServiceAccount;
import cx.niro.core.snapshot.WarningEvent;
import cx.niro.core.snapshot.Workload;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Objects by section. A bad object is left out and noted, so that one cannot blind the rest. */
final class Inventories implements Form<Inventory> {
  private static final Section[] SECTIONS = Section.values();
  private static final Names NAMES =
      Names.of(Arrays.stream(SECTIONS).map(Section::wireName).toArray(String[]::new));

  private final FormTable table;
  private final boolean omitsEmpty;

  Inventories(FormTable table, boolean omitsEmpty) {
    this.table = table;
    this.omitsEmpty = omitsEmpty;
  }

  @Override
  public Inventory read(JsonInput in) throws IOException {
    Map<Section, List<?>> lists = new EnumMap<>(Section.class);
    in.beginObject();
    while (in.hasNext()) {
      int index = in.select(NAMES, -1);
      if (index >= 0 && !in.nextNull()) {
        Section section = SECTIONS[index];
        if (lists.containsKey(section)) {
          throw in.bad("is there twice");
        }
        lists.put(section, section(in, section));
      }
    }
    in.endObject();
    return new Inventory(
        of(lists, Section.NODES),
        of(lists, Section.PODS),
        of(lists, Section.WORKLOADS),
        of(lists, Section.EVENTS),
        of(lists, Section.PERSISTENT_VOLUME_CLAIMS),
        of(lists, Section.SERVICE_ACCOUNTS),
        of(lists, Section.AUTOSCALERS));
  }

  /** The elements were made by the form of {@link #typeOf}. */
  @SuppressWarnings("unchecked")
  private static <T> List<T> of(Map<Section, List<?>> lists, Section section) {
    return (List<T>) lists.getOrDefault(section, List.of());
  }

  private static @Nullable Class<? extends Resource> typeOf(Section section) {
    return switch (section) {
      case NODES -> Node.class;
      case PODS -> Pod.class;
      case WORKLOADS -> Workload.class;
      case EVENTS -> WarningEvent.class;
      case PERSISTENT_VOLUME_CLAIMS -> PersistentVolumeClaim.class;
      case SERVICE_ACCOUNTS -> ServiceAccount.class;
      case AUTOSCALERS -> Autoscaler.class;
      case METRICS -> null;
    };
  }

  private List<?> section(JsonInput in, Section section) throws IOException {
    Class<? extends Resource> type = typeOf(section);
    if (type == null) {
      in.skipValue();
      return List.of();
    }
    Form<? extends Resource> form = table.of(type);
    Map<String, Resource> byUid = new LinkedHashMap<>();
    int seen = 0;
    in.beginArray();
    while (in.hasNext()) {
      if (++seen <= Limits.SECTION_OBJECTS) {
        object(in, section, form, byUid);
      } else {
        tooMany(in, section);
      }
    }
    in.endArray();
    return List.copyOf(byUid.values());
  }

  private static void tooMany(JsonInput in, Section section) throws IOException {
    if (!in.drops().another(section)) {
      in.drops().add(section, in.bad("over the limit of " + Limits.SECTION_OBJECTS + " objects"));
    }
    in.skipValue();
  }

  private static void object(
      JsonInput in, Section section, Form<? extends Resource> form, Map<String, Resource> byUid)
      throws IOException {
    int depth = in.depth();
    in.quiet(in.hasDrops() && in.drops().has(section));
    try {
      Resource object = form.read(in);
      if (object.meta().uid().isEmpty() || object.meta().name().isEmpty()) {
        in.drops().add(section, in.badRead("the uid or the name is empty"));
      } else if (byUid.put(object.meta().uid(), object) != null) {
        in.drops().add(section, in.badRead("the uid is there twice"));
      }
    } catch (BadValue e) {
      in.drops().add(section, e);
      if (in.depth() == depth) {
        in.skipValue();
      }
      in.unwind(depth);
    } finally {
      in.quiet(false);
    }
  }

  @Override
  public void write(JsonWriter out, Inventory value) throws IOException {
    out.beginObject();
    for (Section section : SECTIONS) {
      List<? extends Resource> objects = value.of(section);
      if (section != Section.METRICS && !(omitsEmpty && objects.isEmpty())) {
        out.name(section.wireName());
        writeAll(out, objects);
      }
    }
    out.endObject();
  }

  private void writeAll(JsonWriter out, List<? extends Resource> objects) throws IOException {
    out.beginArray();
    for (Resource object : objects) {
      table.ofValue(object).write(out, object);
    }
    out.endArray();
  }

  @Override
  public Inventory absent() {
    return Inventory.EMPTY;
  }

  @Override
  public boolean isEmpty(Inventory value) {
    return value.equals(Inventory.EMPTY);
  }
}
