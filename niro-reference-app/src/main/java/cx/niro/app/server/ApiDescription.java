package cx.niro.app.server;

import cx.niro.server.http.NiroHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * The one OpenAPI document of this program: the library's with the app's own calls put in. Both are
 * texts of the same form, so each section of ours goes to the top of the same section there.
 */
final class ApiDescription {
  private static final List<String> SECTIONS =
      List.of("tags:", "paths:", "components:\n  schemas:");

  private ApiDescription() {}

  static String whole() {
    String ours = resource();
    String whole = NiroHandler.openApi();
    for (int i = 0; i < SECTIONS.size(); i++) {
      int start = ours.indexOf("\n" + SECTIONS.get(i) + "\n") + SECTIONS.get(i).length() + 2;
      boolean last = i == SECTIONS.size() - 1;
      int end = last ? ours.length() : ours.indexOf("\n" + SECTIONS.get(i + 1) + "\n") + 1;
      String heading = last ? "\n  schemas:\n" : "\n" + SECTIONS.get(i) + "\n";
      int there = whole.indexOf(heading) + heading.length();
      whole = whole.substring(0, there) + ours.substring(start, end) + whole.substring(there);
    }
    return whole;
  }

  private static String resource() {
    String name = "openapi.yaml";
    try (InputStream in =
        Objects.requireNonNull(ApiDescription.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
