package cx.niro.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Positions in lists as clients see them: opaque, and good only for the list that made them. They
 * are no secret and no permission: what a position names is looked up within what the caller sees.
 */
final class Cursor {
  private static final char SEPARATOR = '\0';

  private Cursor() {}

  static @Nullable String seal(String list, @Nullable String position) {
    if (position == null) {
      return null;
    }
    byte[] text = (list + SEPARATOR + position).getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
  }

  static String open(String list, String cursor) {
    String prefix = list + SEPARATOR;
    String text = decode(cursor);
    if (!text.startsWith(prefix)) {
      throw wrong();
    }
    return text.substring(prefix.length());
  }

  private static String decode(String cursor) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(cursor);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw wrong();
    }
  }

  static FieldException wrong() {
    return new FieldException("cursor", "was not made by this list");
  }
}
