package cx.niro.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Utf8CheckTest {
  @ParameterizedTest
  @CsvSource({
    "7a, -1",
    "c3bc, -1",
    "e282ac, -1",
    "f09f9880, -1",
    "ed9fbf, -1",
    "f48fbfbf, -1",
    "fc, 0",
    "7afc72, 1",
    "80, 0",
    "c080, 0",
    "c1bf, 0",
    "e09fbf, 1",
    "eda080, 1",
    "f08fbfbf, 1",
    "f4908080, 1",
    "f5, 0",
    "ff, 0",
    "c37a, 1",
    "e28261, 2",
  })
  void finds_the_first_byte_that_cannot_be(String hex, long at) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    assertThat(new Utf8Check().firstBad(bytes, 0, bytes.length)).isEqualTo(at);
  }

  @Test
  void pieces_make_no_difference() {
    byte[] bytes = "\u20ac\u00fc\ud83d\ude00".getBytes(StandardCharsets.UTF_8);
    Utf8Check check = new Utf8Check();
    for (int i = 0; i < bytes.length; i++) {
      assertThat(check.firstBad(bytes, i, 1)).isEqualTo(-1);
    }
    assertThat(check.firstBad(new byte[] {'a', (byte) 0xff}, 0, 2)).isEqualTo(bytes.length + 1);
  }

  /** Whole texts only: this check leaves an end that is cut off to the reader of the JSON. */
  @Test
  void agrees_with_the_decoder_of_the_runtime() {
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(5)];
      random.nextBytes(bytes);
      byte[] ended = java.util.Arrays.copyOf(bytes, bytes.length + 1);
      ended[bytes.length] = 'z';
      boolean good = new Utf8Check().firstBad(ended, 0, ended.length) < 0;
      assertThat(good).as(HexFormat.of().formatHex(ended)).isEqualTo(isText(ended));
    }
  }

  private static boolean isText(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
