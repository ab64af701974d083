package cx.niro.app.check;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads Kubernetes objects from files, folders and standard input, as JSON or YAML. */
final class ObjectFiles {
  static final int MAX_BYTES = 128 * 1024 * 1024;
  private static final int MAX_ALIASES = 50;
  private static final List<String> ENDINGS = List.of(".json", ".yaml", ".yml");

  /** One document of one file. */
  record Source(String where, Map<String, @Nullable Object> object) {}

  private final InputStream standardInput;

  ObjectFiles(InputStream standardInput) {
    this.standardInput = standardInput;
  }

  /**
   * Every document there, in the order of the names.
   *
   * @param name a file, a folder, which is searched for {@code .json .yaml .yml} at any depth, or
   *     {@code -}
   * @throws CommandException naming file, document and what is wrong with it
   */
  List<Source> read(String name) {
    try {
      if (name.equals("-")) {
        return documents("standard input", bounded("standard input", standardInput));
      }
      Path path = Path.of(name);
      if (!Files.isDirectory(path)) {
        return file(path);
      }
      List<Source> sources = new ArrayList<>();
      for (Path each : files(path)) {
        sources.addAll(file(each));
      }
      return sources;
    } catch (IOException e) {
      throw new CommandException(ExitCode.USAGE, name + " cannot be read: " + e, e);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .filter(path -> ENDINGS.stream().anyMatch(path.toString()::endsWith))
          .sorted()
          .toList();
    }
  }

  private static List<Source> file(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return documents(path.toString(), bounded(path.toString(), in));
    }
  }

  private static String bounded(String where, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw bad(where, "has more than " + MAX_BYTES + " bytes", null);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static List<Source> documents(String where, String text) {
    String start = text.stripLeading();
    if (!start.startsWith("{") && !start.startsWith("[")) {
      return yaml(where, text);
    }
    try {
      List<Source> sources = new ArrayList<>();
      add(where, Json.parse(text), sources);
      return sources;
    } catch (IllegalArgumentException e) {
      throw bad(where, String.valueOf(e.getMessage()), e);
    }
  }

  private static List<Source> yaml(String where, String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(where)
            .setCodePointLimit(MAX_BYTES)
            .setMaxAliasesForCollections(MAX_ALIASES)
            .build();
    List<Source> sources = new ArrayList<>();
    int number = 1;
    try {
      for (Object document : new Load(settings).loadAllFromString(text)) {
        add(where + ", document " + number++, document, sources);
      }
    } catch (YamlEngineException e) {
      throw bad(where + ", document " + number, String.valueOf(e.getMessage()), e);
    } catch (StackOverflowError e) {
      throw bad(where + ", document " + number, "is nested too deep", e);
    }
    return sources;
  }

  private static void add(String where, @Nullable Object document, List<Source> sources) {
    if (document instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      map.forEach((key, value) -> object.put(String.valueOf(key), value));
      sources.add(new Source(where, object));
    } else if (document instanceof List<?> list) {
      list.forEach(item -> add(where, item, sources));
    } else if (document != null) {
      throw bad(where, "is no Kubernetes object", null);
    }
  }

  private static CommandException bad(String where, String why, @Nullable Throwable cause) {
    return new CommandException(ExitCode.USAGE, where + ": " + why, cause);
  }
}
