package cx.niro.server.http;

import cx.niro.server.Clusters.NewToken;
import cx.niro.server.internal.rest.EnrollmentJson;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says how to install an agent, from the configured public URL and nothing that a request carries.
 */
final class Installer {
  private static final Pattern SAFE = Pattern.compile("https?://[A-Za-z0-9.:_~%/\\[\\]-]+");
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|.*\\.localhost|127(\\.[0-9]+){3}|\\[::1]|\\[?::]?|0\\.0\\.0\\.0");

  private final @Nullable String publicUrl;
  private final boolean allowLoopback;
  private final String image;

  Installer(@Nullable URI publicUrl, boolean allowLoopback, String image) {
    this.publicUrl = publicUrl == null ? null : checked(publicUrl);
    this.allowLoopback = allowLoopback;
    this.image = image;
  }

  private static String checked(URI url) {
    String text = url.toString().replaceAll("/+$", "");
    if (url.getHost() == null || url.getUserInfo() != null || !SAFE.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "publicUrl must be http(s)://host[:port][/path] of letters, digits and .:_~%/-, but was "
              + Shown.text(text));
    }
    return text;
  }

  /** The installer; null without a public URL. */
  @Nullable String installSh() {
    return publicUrl == null ? null : InstallScripts.installSh(publicUrl, image);
  }

  /** The agent's objects; null without a public URL. */
  @Nullable String agentYaml() {
    return publicUrl == null ? null : InstallScripts.agentYaml(publicUrl, image);
  }

  EnrollmentJson enrollment(NewToken token) {
    if (publicUrl == null) {
      return without(
          token, "The server has no public URL set; set one that the cluster can reach.");
    }
    if (isLoopback(publicUrl) && !allowLoopback) {
      return without(
          token,
          "The server's public URL "
              + publicUrl
              + " is its own machine; set one that the cluster can reach.");
    }
    return new EnrollmentJson(token.token(), token.expiresAt(), command(token), plainHttpHint());
  }

  private static EnrollmentJson without(NewToken token, String hint) {
    return new EnrollmentJson(token.token(), token.expiresAt(), null, hint);
  }

  private String command(NewToken token) {
    String quoted = "'" + publicUrl + "'";
    return "curl -fsSL '"
        + publicUrl
        + "/install.sh' | sudo env NIRO_SERVER="
        + quoted
        + " NIRO_TOKEN="
        + token.token()
        + (plainHttpHint() == null ? "" : " NIRO_ALLOW_HTTP=1")
        + " sh";
  }

  private @Nullable String plainHttpHint() {
    return publicUrl == null || publicUrl.startsWith("https:") || isLoopback(publicUrl)
        ? null
        : "The public URL is not https: whoever is on the way can read the agent's key.";
  }

  private static boolean isLoopback(String url) {
    String host = URI.create(url).getHost();
    return host != null && LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches();
  }
}
