package cx.niro.server.manifest;

import cx.niro.core.managed.ObjectSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * The objects of one text, with the lines where they begin. JSON is read as the YAML that it is.
 * Aliases are followed into copies, within the limit on bytes.
 */
final class YamlDocuments {
  private static final int VALUE_BYTES = 4;

  /** An empty map takes that much, and so it must cost more than the alias that it came from. */
  private static final int CONTAINER_BYTES = 64;

  private final ManifestFile file;
  private final ManifestReader reader;
  private final ManifestLimits limits;
  private final List<Manifest> found = new ArrayList<>();
  private int document;

  private YamlDocuments(ManifestFile file, ManifestReader reader) {
    this.file = file;
    this.reader = reader;
    this.limits = reader.limits();
  }

  /**
   * @throws ManifestException for what is not YAML, not an object, or over a limit
   */
  static List<Manifest> read(ManifestFile file, ManifestReader reader) {
    YamlDocuments documents = new YamlDocuments(file, reader);
    documents.readAll();
    return documents.found;
  }

  private void readAll() {
    if (file.text().getBytes(StandardCharsets.UTF_8).length > limits.bytes()) {
      throw new ManifestException(
          new ObjectSource(file.name(), null, null),
          "must have at most " + limits.bytes() + " bytes");
    }
    LoadSettings settings =
        LoadSettings.builder()
            .setSchema(new KubectlScalars())
            .setCodePointLimit(limits.bytes())
            .setMaxAliasesForCollections(limits.aliases())
            .setAllowNonScalarKeys(true)
            .build();
    try {
      ParserImpl parser = new ParserImpl(settings, new StreamReader(settings, file.text()));
      Composer composer = new Composer(settings, new DepthLimit(parser, limits.depth()));
      document = 1;
      while (composer.hasNext()) {
        add(composer.next());
        document++;
      }
    } catch (MarkedYamlEngineException e) {
      throw bad(e.getProblemMark().or(e::getContextMark).orElse(null), harmless(e.getProblem()));
    } catch (DepthLimit.Exceeded e) {
      throw bad(e.line(), "must be nested at most " + limits.depth() + " deep");
    } catch (YamlEngineException e) {
      throw bad((Integer) null, overAliases(e) ? aliasLimit() : "is not YAML");
    }
  }

  private static boolean overAliases(YamlEngineException e) {
    return String.valueOf(e.getMessage()).startsWith("Number of aliases");
  }

  private String aliasLimit() {
    return "must have at most " + limits.aliases() + " aliases to maps and lists";
  }

  /** What is wrong, without what somebody wrote: it may be a password that begins with a star. */
  private static String harmless(@Nullable String problem) {
    if (problem == null || problem.contains("tag")) {
      return "is not YAML here";
    }
    return problem.contains("alias")
        ? "has an alias to nothing; put a text that begins with * in quotes"
        : problem;
  }

  private void add(Node root) {
    if (isNull(root)) {
      return;
    }
    if (root instanceof SequenceNode list) {
      list.getValue().forEach(item -> object(item, Map.of()));
    } else {
      object(root, Map.of());
    }
  }

  private void object(Node node, Map<String, String> ofList) {
    if (isNull(node)) {
      return;
    }
    if (!(node instanceof MappingNode map)) {
      throw bad(line(node), "is no Kubernetes object");
    }
    Node items = member(map, "items");
    String kind = member(map, "kind") instanceof ScalarNode text ? text.getValue() : "";
    if (kind.endsWith("List") && items instanceof SequenceNode list) {
      checkNotRecursive(node);
      count(node, CONTAINER_BYTES);
      Map<String, String> types = typesOfItems(map, kind);
      list.getValue().forEach(item -> object(item, types));
      return;
    }
    if (found.size() == limits.objects()) {
      throw bad(line(node), "must be at most " + limits.objects() + " objects");
    }
    Map<String, @Nullable Object> object = new LinkedHashMap<>(map(map));
    ofList.forEach(object::putIfAbsent);
    found.add(new Manifest(new ObjectSource(file.name(), document, line(node)), object));
  }

  /** Items of a list of one kind do not say what they are. */
  private static Map<String, String> typesOfItems(MappingNode list, String kind) {
    return kind.equals("List") || !(member(list, "apiVersion") instanceof ScalarNode version)
        ? Map.of()
        : Map.of("apiVersion", version.getValue(), "kind", kind.substring(0, kind.length() - 4));
  }

  private static @Nullable Node member(MappingNode map, String name) {
    for (NodeTuple tuple : map.getValue()) {
      if (tuple.getKeyNode() instanceof ScalarNode key && key.getValue().equals(name)) {
        return tuple.getValueNode();
      }
    }
    return null;
  }

  private static boolean isNull(Node node) {
    return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
  }

  private @Nullable Object value(Node node) {
    checkNotRecursive(node);
    if (node instanceof MappingNode map) {
      return map(map);
    }
    if (node instanceof SequenceNode list) {
      checkTag(node, Tag.SEQ);
      count(node, CONTAINER_BYTES);
      List<@Nullable Object> values = new ArrayList<>();
      list.getValue().forEach(item -> values.add(value(item)));
      return values;
    }
    ScalarNode scalar = (ScalarNode) node;
    checkText(scalar);
    try {
      return KubectlScalars.value(scalar);
    } catch (IllegalArgumentException e) {
      throw bad(line(node), String.valueOf(e.getMessage()));
    }
  }

  private void checkNotRecursive(Node node) {
    if (node.isRecursive()) {
      throw bad(line(node), "contains itself");
    }
  }

  private void checkTag(Node node, Tag only) {
    if (!node.getTag().equals(only)) {
      throw bad(line(node), "has a tag that JSON cannot have");
    }
  }

  private Map<String, @Nullable Object> map(MappingNode node) {
    checkTag(node, Tag.MAP);
    count(node, CONTAINER_BYTES);
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw bad(line(tuple.getKeyNode()), "has a name that is no text");
      }
      String name = key.getValue();
      if (map.containsKey(name)) {
        throw bad(line(key), "has the same name twice in one map");
      }
      checkText(key);
      map.put(name, value(tuple.getValueNode()));
    }
    return map;
  }

  /** Escapes can spell what no UTF-8 and no object in a cluster holds. */
  private void checkText(ScalarNode node) {
    String text = node.getValue();
    count(node, VALUE_BYTES + text.length());
    boolean whole = text.chars().noneMatch(unit -> Character.isSurrogate((char) unit));
    if (text.indexOf('\0') >= 0
        || !(whole || StandardCharsets.UTF_8.newEncoder().canEncode(text))) {
      throw bad(line(node), "must not hold NUL or half of a surrogate pair");
    }
  }

  private void count(Node node, long bytes) {
    if (!reader.spend(bytes)) {
      throw bad(
          line(node),
          "all texts together must take at most "
              + 2L * limits.bytes()
              + " bytes when aliases are followed, "
              + CONTAINER_BYTES
              + " for each map and list");
    }
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }

  private ManifestException bad(@Nullable Mark mark, String why) {
    return bad(mark == null ? null : Integer.valueOf(mark.getLine() + 1), why);
  }

  private ManifestException bad(@Nullable Integer line, String why) {
    return new ManifestException(new ObjectSource(file.name(), document, line), why);
  }
}
