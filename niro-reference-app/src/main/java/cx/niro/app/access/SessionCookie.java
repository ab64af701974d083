package cx.niro.app.access;

import java.util.List;
import java.util.Optional;

/** The cookie that holds a session's token. */
record SessionCookie(boolean secure) {

  /** Under https a name that browsers accept from this very host only. */
  String name() {
    return secure ? "__Host-niro" : "niro";
  }

  /** The {@code Set-Cookie} header that begins a session. */
  String begin(String token) {
    return header(token, Logins.SESSION.toSeconds());
  }

  /** The {@code Set-Cookie} header that ends one. */
  String end() {
    return header("", 0);
  }

  private String header(String value, long maxAge) {
    return name()
        + "="
        + value
        + "; Path=/; Max-Age="
        + maxAge
        + "; HttpOnly; SameSite=Strict"
        + (secure ? "; Secure" : "");
  }

  /** The token in these {@code Cookie} headers. */
  Optional<String> tokenIn(List<String> headers) {
    for (String header : headers) {
      for (String pair : header.split(";", -1)) {
        String cookie = pair.strip();
        if (cookie.startsWith(name() + "=")) {
          return Optional.of(cookie.substring(name().length() + 1));
        }
      }
    }
    return Optional.empty();
  }
}
