package cx.niro.app.check;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.InputFiles;
import cx.niro.app.Json;
import cx.niro.server.manifest.Manifest;
import cx.niro.server.manifest.ManifestException;
import cx.niro.server.manifest.ManifestFile;
import cx.niro.server.manifest.ManifestLimits;
import cx.niro.server.manifest.ManifestSet;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads Kubernetes objects from files, folders and standard input, as JSON or YAML. */
final class ObjectFiles {
  static final int MAX_BYTES = 128 * 1024 * 1024;
  private static final ManifestLimits LIMITS =
      new ManifestLimits(MAX_BYTES, Integer.MAX_VALUE, 50, 100);

  /** One document of one file. */
  record Source(String where, Map<String, @Nullable Object> object) {}

  private final InputFiles files;

  ObjectFiles(InputStream standardInput) {
    files = new InputFiles(standardInput, MAX_BYTES);
  }

  /**
   * Every document there, in the order of the names.
   *
   * @param name a file, a folder, which is searched for {@code .json .yaml .yml} at any depth, or
   *     {@code -}
   * @throws CommandException naming file, document and what is wrong with it
   */
  List<Source> read(String name) {
    List<Source> sources = new ArrayList<>();
    for (InputFiles.Text text : files.read(name)) {
      sources.addAll(documents(text.name(), text.text()));
    }
    return sources;
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
    try {
      return ManifestSet.read(new ManifestFile(where, text), LIMITS).stream()
          .map(one -> new Source(Manifest.where(one.source()), one.object()))
          .toList();
    } catch (ManifestException e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
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
