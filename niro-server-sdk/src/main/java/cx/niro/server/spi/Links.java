package cx.niro.server.spi;

import cx.niro.core.ClusterId;
import cx.niro.core.IncidentId;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where people look at what a message is about: addresses in your dashboard, {@link #NONE} by
 * default. Called from any thread for each message; must not block.
 */
public interface Links {
  /** No links in messages. */
  Links NONE =
      new Links() {
        @Override
        public @Nullable URI incident(IncidentId id) {
          return null;
        }

        @Override
        public @Nullable URI cluster(ClusterId id) {
          return null;
        }
      };

  /** The page of an incident; null for none. */
  @Nullable URI incident(IncidentId id);

  /** The page of a cluster; null for none. */
  @Nullable URI cluster(ClusterId id);

  /**
   * The addresses of {@code <niro-dashboard>} below this URL, with or without a slash at its end.
   */
  static Links toDashboard(URI url) {
    String base = url.toString().replaceAll("/+$", "");
    return new Links() {
      @Override
      public URI incident(IncidentId id) {
        return URI.create(base + "/incidents?incident=" + encoded(id.value()));
      }

      @Override
      public URI cluster(ClusterId id) {
        return URI.create(base + "/clusters/" + encoded(id.value()) + "/overview");
      }
    };
  }

  private static String encoded(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
