package cx.niro.server.notify;

import cx.niro.server.spi.Notice;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** How one kind of target wants to be told; pure. */
interface Format {
  /** The settings that must be there, and those that may. */
  Needs needs();

  Message of(Notice notice, Map<String, String> settings, Instant now);

  /** Names of settings. */
  record Needs(Set<String> required, Set<String> optional) {
    void check(Map<String, String> settings) {
      for (String name : required) {
        if (settings.getOrDefault(name, "").isBlank()) {
          throw new IllegalArgumentException(name + " is required");
        }
      }
      for (String name : settings.keySet()) {
        if (!required.contains(name) && !optional.contains(name)) {
          throw new IllegalArgumentException(name + " is not a setting of this kind");
        }
      }
    }
  }
}
