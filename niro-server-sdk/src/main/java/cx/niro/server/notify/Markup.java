package cx.niro.server.notify;

import java.net.URI;

/** How a chat writes things; the texts given are somebody else's unless said otherwise. */
interface Markup {
  /** The text as it is, whatever characters the chat gives a meaning. */
  String escape(String text);

  /** Markup of our own around what is escaped already. */
  String bold(String escaped);

  /** A link with a word of our own as its label. */
  String link(URI url, String label);
}
