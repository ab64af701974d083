package cx.niro.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The installer and the agent's objects, from templates and two values, which are checked against
 * what a shell, YAML and sed all read as plain text.
 */
final class InstallScripts {
  /** The image that an agent runs, unless the server is told another. */
  static final String DEFAULT_IMAGE = "niro-agent:0.1.0";

  private static final Pattern MARK = Pattern.compile("%([A-Za-z._-]+)%");
  private static final Pattern URL = Pattern.compile("https?://[A-Za-z0-9.:_~%/\\[\\]-]{1,2000}");
  private static final Pattern IMAGE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@-]{0,400}");

  private InstallScripts() {}

  /** A POSIX shell script that installs the agent with the grants that its caller names. */
  static String installSh(String publicUrl, String image) {
    Map<String, String> values =
        Map.of(
            "PUBLIC_URL", checked("publicUrl", URL, publicUrl),
            "DEFAULT_IMAGE", checked("image", IMAGE, image));
    return render(
        resource("install.sh"),
        mark -> mark.endsWith(".yaml") ? resource(mark).stripTrailing() : values.get(mark));
  }

  /** The agent's objects with the grant "pods", for those who apply files. */
  static String agentYaml(String publicUrl, String image) {
    Map<String, String> values = new HashMap<>();
    values.put("SERVER", checked("publicUrl", URL, publicUrl));
    values.put("IMAGE", checked("image", IMAGE, image));
    values.put("TOKEN_STAMP", "none");
    values.put("PODS", "1");
    values.put("LOGS", "0");
    values.put("APPLY", "0");
    values.put("SELF_UPDATE", "0");
    values.put("ALLOW_HTTP", publicUrl.startsWith("http://") ? "1" : "0");
    String whole =
        String.join(
            "---\n",
            resource("agent-head.yaml") + resource("namespace.yaml"),
            resource("secret.yaml"),
            resource("agent.yaml"),
            resource("grant-pods.yaml"),
            resource("deployment.yaml"));
    return render(whole, values::get).replaceAll(" *#(OWNER|NODE|CA|PROXY)\n", "");
  }

  /**
   * Puts a value in place of each {@code %MARK%}, in one pass, so that a value is never looked into
   * again; a mark without a value stays.
   */
  static String render(String template, Function<String, @Nullable String> values) {
    return MARK.matcher(template)
        .replaceAll(
            mark -> {
              String value = values.apply(mark.group(1));
              return Matcher.quoteReplacement(value == null ? mark.group() : value);
            });
  }

  private static String checked(String name, Pattern pattern, String value) {
    if (!pattern.matcher(value).matches()) {
      throw new IllegalArgumentException(
          name + " must match " + pattern + ", but was " + Shown.text(value));
    }
    return value;
  }

  private static String resource(String name) {
    String path = "/cx/niro/server/install/" + name;
    try (InputStream in =
        Objects.requireNonNull(InstallScripts.class.getResourceAsStream(path), path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
