package cx.niro.app.dashboard;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;

/** The three pages, with the import map written in, and the policy that allows just that map. */
final class Pages {
  /** Where the pages are on the class path. */
  static final String HOME = "cx/niro/app/dashboard";

  /** The web jars that the import map names. */
  static final List<String> LIBRARIES =
      List.of("lit", "lit-html", "lit-element", "lit__reactive-element");

  private static final Pattern SCREENS =
      Pattern.compile(
          "/|/(pods|incidents|findings|silences|channels|audit|access)|/clusters/[^/]{1,200}(/[a-z]{1,20})?/?");

  private final Asset index;
  private final Asset login;
  private final Asset setup;
  private final String policy;

  Pages() {
    String map = importMap();
    index = page(text("index.html").replace("{{importmap}}", map));
    login = page(text("login.html"));
    setup = page(text("setup.html"));
    policy =
        "default-src 'none'; script-src 'self' 'sha256-"
            + Asset.sha256(map.getBytes(StandardCharsets.UTF_8))
            + "'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none';"
            + " form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script';"
            + " trusted-types lit-html";
  }

  /** The page for an address; one page has all screens. */
  Optional<Asset> at(String path) {
    return switch (path) {
      case "/login" -> Optional.of(login);
      case "/setup" -> Optional.of(setup);
      default -> SCREENS.matcher(path).matches() ? Optional.of(index) : Optional.empty();
    };
  }

  /** The content security policy of every answer. */
  String policy() {
    return policy;
  }

  private static String importMap() {
    String map = text("importmap.json");
    for (String library : LIBRARIES) {
      map =
          map.replace(
              "/" + library + "/{{version}}/", "/" + library + "/" + version(library) + "/");
    }
    return map;
  }

  private static String version(String library) {
    Properties properties = new Properties();
    try {
      properties.load(
          new StringReader(
              required("META-INF/maven/org.webjars.npm/" + library + "/pom.properties")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }

  private static Asset page(String html) {
    return Asset.of(html.getBytes(StandardCharsets.UTF_8), "text/html; charset=utf-8", Asset.FRESH);
  }

  private static String text(String name) {
    return required(HOME + "/" + name);
  }

  private static String required(String resource) {
    return Asset.read(resource)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .orElseThrow(() -> new IllegalStateException("not on the class path: " + resource));
  }
}
