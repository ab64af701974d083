package cx.niro.server.internal.outbox;

import cx.niro.core.ChannelId;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.server.spi.ChannelRow;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Settings of channels, which are secrets, between their sealed text and those who need them. */
final class Settings {
  private static final NiroCodec CODEC = NiroCodec.forRest();

  private final Sealer sealer;

  Settings(Sealer sealer) {
    this.sealer = sealer;
  }

  /** They were sealed with another key. */
  static final class SealedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SealedException(RuntimeException cause) {
      super("the settings cannot be opened: " + cause.getMessage(), cause);
    }
  }

  boolean canSeal() {
    return sealer.hasKey();
  }

  String seal(ChannelId id, Map<String, String> settings) {
    return sealer.seal(new String(CODEC.encode(settings), StandardCharsets.UTF_8), purpose(id));
  }

  Map<String, String> open(ChannelRow channel) {
    try {
      String text = sealer.open(channel.settings(), purpose(channel.id()));
      Map<String, String> settings = new LinkedHashMap<>();
      Map<?, ?> raw = CODEC.decode(Map.class, text.getBytes(StandardCharsets.UTF_8));
      raw.forEach((name, value) -> settings.put(String.valueOf(name), String.valueOf(value)));
      return settings;
    } catch (RuntimeException e) {
      throw new SealedException(e);
    }
  }

  private static String purpose(ChannelId id) {
    return "channel/" + id;
  }
}
