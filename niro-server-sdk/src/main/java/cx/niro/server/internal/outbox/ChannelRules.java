package cx.niro.server.internal.outbox;

import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.VisibleText;
import cx.niro.server.spi.ChannelSelector;
import java.net.URI;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What users may say of a channel. */
final class ChannelRules {
  private static final int NAME_CHARS = 100;
  private static final int SETTINGS = 16;
  private static final int SETTING_CHARS = 4096;
  private static final int SELECTED = 500;
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]");
  private static final Pattern SETTING = Pattern.compile("[a-zA-Z][a-zA-Z0-9]{0,63}");

  private ChannelRules() {}

  static String checkedName(String given) {
    String name = VisibleText.composed(given);
    if (name.isBlank() || name.length() > NAME_CHARS) {
      throw invalid("name must have 1 to " + NAME_CHARS + " characters but had " + name.length());
    }
    if (UNPRINTABLE.matcher(name).find() || !name.strip().equals(name)) {
      throw invalid("name must have no control characters and no space at its ends");
    }
    return name;
  }

  static void checkSelector(ChannelSelector selector) {
    int entries =
        selector.clusters().size()
            + selector.environments().size()
            + selector.labels().size()
            + selector.types().size();
    if (entries > SELECTED) {
      throw invalid("selector must have at most " + SELECTED + " entries but had " + entries);
    }
  }

  /** Says nothing of the values. */
  static void checkSettings(Map<String, String> settings) {
    if (settings.size() > SETTINGS) {
      throw invalid("settings must be at most " + SETTINGS + " but were " + settings.size());
    }
    settings.forEach(
        (name, value) -> {
          if (!SETTING.matcher(name).matches()) {
            throw invalid("settings must have names of 1 to 64 letters and digits");
          }
          if (value.length() > SETTING_CHARS || UNPRINTABLE.matcher(value).find()) {
            throw invalid(
                "settings."
                    + name
                    + " must have at most "
                    + SETTING_CHARS
                    + " characters and no control characters");
          }
        });
  }

  /** The host that messages go to, which is no secret; null when the settings name none. */
  static @Nullable String target(Map<String, String> settings) {
    String url = settings.get("url");
    try {
      return url == null ? null : URI.create(url).getHost();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  static InvalidRequestException invalid(String message) {
    return new InvalidRequestException(ErrorCode.INVALID_FIELD, message);
  }

  static InvalidRequestException nameTaken(String name) {
    return new InvalidRequestException(
        ErrorCode.NAME_TAKEN, "another channel of the organization has the name '" + name + "'");
  }
}
