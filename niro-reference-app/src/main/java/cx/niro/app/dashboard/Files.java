package cx.niro.app.dashboard;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Scripts, styles and pictures: {@code /niro} (web components of the server SDK), {@code /webjars}
 * (the libraries that they import) and {@code /shell} (what is around them). The first two have the
 * addresses that any servlet container gives to {@code META-INF/resources}.
 */
final class Files {
  private static final Pattern PATH =
      Pattern.compile(
          "/(?:(niro)|(webjars)/([a-z_-]{1,40})/[0-9][0-9.]{0,20}|shell)"
              + "(?:/[A-Za-z0-9_-]{1,64}){1,4}\\.(js|css|svg)");
  private static final Map<String, String> TYPES =
      Map.of(
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml");

  /** Of files that exist, so as many as there are files. */
  private final Map<String, Asset> known = new ConcurrentHashMap<>();

  Optional<Asset> at(String path) {
    Asset asset = known.get(path);
    return asset != null ? Optional.of(asset) : load(path);
  }

  private Optional<Asset> load(String path) {
    Matcher parts = PATH.matcher(path);
    if (!parts.matches()) {
      return Optional.empty();
    }
    boolean webjar = parts.group(2) != null;
    if (webjar && !Pages.LIBRARIES.contains(parts.group(3))) {
      return Optional.empty();
    }
    boolean ours = parts.group(1) == null && !webjar;
    String resource = ours ? Pages.HOME + path : "META-INF/resources" + path;
    String type = TYPES.getOrDefault(parts.group(4), "");
    String caching = webjar ? Asset.FOR_EVER : Asset.FRESH;
    Optional<Asset> loaded = Asset.read(resource).map(bytes -> Asset.of(bytes, type, caching));
    loaded.ifPresent(asset -> known.put(path, asset));
    return loaded;
  }
}
