package cx.niro.app.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;

/** Finds files of the web jars without their version in the address: {@code lit/index.js}. */
final class WebJars {
  private static final String ROOT = "META-INF/resources/webjars/";

  private final Map<String, String> versions = new ConcurrentHashMap<>();

  /** The class path resource; one that does not exist when there is no such web jar. */
  String resourceOf(String path) {
    int end = path.indexOf('/');
    if (end < 0) {
      return ROOT + "none";
    }
    String artifact = path.substring(0, end);
    String version = versions.computeIfAbsent(artifact, WebJars::versionOf);
    return ROOT + artifact + "/" + version + path.substring(end);
  }

  private static String versionOf(String artifact) {
    String file = "META-INF/maven/org.webjars.npm/" + artifact + "/pom.properties";
    try (InputStream in = WebJars.class.getClassLoader().getResourceAsStream(file)) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      return properties.getProperty("version", "none");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
