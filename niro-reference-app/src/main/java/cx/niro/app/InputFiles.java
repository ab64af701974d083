package cx.niro.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads the texts that {@code -f} names: files, folders and standard input. */
public final class InputFiles {
  private static final List<String> ENDINGS = List.of(".json", ".yaml", ".yml");

  private final InputStream standardInput;
  private final int maxBytes;

  /** One text and what to call it. */
  public record Text(String name, String text) {}

  /**
   * A reader.
   *
   * @param maxBytes of one file
   */
  public InputFiles(InputStream standardInput, int maxBytes) {
    this.standardInput = standardInput;
    this.maxBytes = maxBytes;
  }

  /**
   * Every text there, in the order of the names.
   *
   * @param name a file, a folder, which is searched for {@code .json .yaml .yml} at any depth, or
   *     {@code -}
   * @throws CommandException naming the file and what is wrong with it
   */
  public List<Text> read(String name) {
    try {
      if (name.equals("-")) {
        return List.of(bounded("standard input", standardInput));
      }
      Path path = Path.of(name);
      List<Text> texts = new ArrayList<>();
      for (Path each : Files.isDirectory(path) ? files(path) : List.of(path)) {
        texts.add(file(each));
      }
      return texts;
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

  private Text file(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return bounded(path.toString(), in);
    }
  }

  private Text bounded(String name, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(maxBytes + 1);
    if (bytes.length > maxBytes) {
      throw new CommandException(ExitCode.USAGE, name + ": has more than " + maxBytes + " bytes");
    }
    return new Text(name, new String(bytes, StandardCharsets.UTF_8));
  }
}
