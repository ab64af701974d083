package cx.niro.server.internal.managed;

import cx.niro.core.CommandId;
import cx.niro.core.SecretHash;
import cx.niro.core.protocol.RawJson;
import cx.niro.server.internal.outbox.Sealer;
import cx.niro.server.spi.CommandRow.Payload;

/** Payloads of commands between what they say and what is stored; as they are without a key. */
public final class Payloads {
  private final Sealer sealer;

  public Payloads(Sealer sealer) {
    this.sealer = sealer;
  }

  /** To be stored; its hash recognises a repeat and tells nothing. */
  public Payload sealed(CommandId id, RawJson json) {
    Payload plain = Payload.of(json);
    return sealer.hasKey()
        ? new Payload(
            new SecretHash(sealer.fingerprint(json.text(), "command")),
            plain.bytes(),
            new RawJson(sealer.seal(json.text(), purpose(id))))
        : plain;
  }

  /**
   * What was sealed, or stored as it was.
   *
   * @throws IllegalStateException when this server does not have the key
   */
  public RawJson open(CommandId id, RawJson stored) {
    return Sealer.isSealed(stored.text())
        ? new RawJson(sealer.open(stored.text(), purpose(id)))
        : stored;
  }

  /** How deep maps and lists of well-formed JSON are nested. */
  public static int depth(RawJson json) {
    int depth = 0;
    int deepest = 0;
    boolean quoted = false;
    String text = json.text();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (quoted) {
        i += c == '\\' ? 1 : 0;
      } else if (c == '{' || c == '[') {
        deepest = Math.max(deepest, ++depth);
      } else if (c == '}' || c == ']') {
        depth--;
      }
    }
    return deepest;
  }

  private static String purpose(CommandId id) {
    return "command/" + id;
  }
}
