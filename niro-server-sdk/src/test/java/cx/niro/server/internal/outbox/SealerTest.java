package cx.niro.server.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SealerTest {
  private static final byte[] OLD = key(1);
  private static final byte[] NEW = key(2);
  private final SplittableRandom random = new SplittableRandom(1);

  private static byte[] key(int fill) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) fill);
    return key;
  }

  private Sealer sealer(byte[]... keys) {
    return new Sealer(List.of(keys), random);
  }

  @Test
  void what_was_sealed_opens_for_its_purpose_and_for_no_other() {
    Sealer sealer = sealer(OLD);
    String sealed = sealer.seal("größe", "channel/a");
    assertThat(sealed).startsWith("v1.").doesNotContain("größe");
    assertThat(sealer.open(sealed, "channel/a")).isEqualTo("größe");
    assertThatThrownBy(() -> sealer.open(sealed, "channel/b"))
        .isInstanceOf(IllegalStateException.class);
    assertThat(sealer.seal("größe", "channel/a")).isNotEqualTo(sealed);
  }

  @Test
  void an_older_key_opens_and_the_newest_seals() {
    String old = sealer(OLD).seal("secret", "x");
    Sealer both = sealer(NEW, OLD);
    assertThat(both.open(old, "x")).isEqualTo("secret");
    String fresh = both.seal("secret", "x");
    assertThat(sealer(NEW).open(fresh, "x")).isEqualTo("secret");
    assertThatThrownBy(() -> sealer(NEW).open(old, "x"))
        .hasMessage("it was sealed with a key that this server does not have");
  }

  @Test
  void a_changed_text_does_not_open() {
    Sealer sealer = sealer(OLD);
    String sealed = sealer.seal("secret", "x");
    char[] changed = sealed.toCharArray();
    int at = sealed.length() - 6;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    assertThatThrownBy(() -> sealer.open(new String(changed), "x"))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> sealer.open("garbage", "x")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void a_fingerprint_recognises_a_text_and_tells_nothing_without_the_key() {
    String one = sealer(OLD).fingerprint("secret", "x");
    assertThat(one).hasSize(64).isEqualTo(sealer(OLD, NEW).fingerprint("secret", "x"));
    assertThat(one)
        .isNotEqualTo(sealer(NEW).fingerprint("secret", "x"))
        .isNotEqualTo(sealer(OLD).fingerprint("secret", "y"))
        .isNotEqualTo(sealer(OLD).fingerprint("secre", "tx"));
  }

  @Test
  void a_key_of_another_length_is_refused() {
    assertThatThrownBy(() -> sealer(new byte[16]))
        .hasMessage("a secrets key must have 32 bytes but has 16");
  }
}
