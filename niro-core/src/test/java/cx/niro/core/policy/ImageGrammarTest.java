package cx.niro.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The expressions are those of the grammar; what is written by hand agrees with them. */
class ImageGrammarTest {
  private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
  private static final String PART = "[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*";
  private static final String HOST =
      "(?:%1$s(?:\\.%1$s)*|\\[[a-fA-F0-9:]+])(?::[0-9]+)?".formatted(LABEL);
  private static final String PATH = "%1$s(?:/%1$s)*".formatted(PART);
  private static final String TAG = "\\w[\\w.-]{0,127}";
  private static final String DIGEST =
      "(?!sha256:)[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"
          + "|sha256:[0-9a-f]{64}";

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void agrees_with_the_expressions_of_the_grammar(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    agrees(random, "aZ0-.:", "[", HOST, ImageGrammar::isHost);
    agrees(random, "aF0:]g", "[", HOST, ImageGrammar::isHost);
    agrees(random, "ab0-_./", "A", PATH, ImageGrammar::isPath);
    agrees(random, "aA0-._", "/ü", TAG, ImageGrammar::isTag);
    for (String begin : new String[] {"", "sha256:", "sha512:", "a+B.c:", "a+:", "1a:"}) {
      for (int i = 0; i < 3_000; i++) {
        String hex = text(random, "0af9", random.nextInt(8) == 0 ? "AFg:" : "", 28 + 40);
        String few = text(random, "aA0-_+.:", "", 4);
        check(DIGEST, begin + hex.substring(random.nextInt(hex.length())), ImageGrammar::isDigest);
        check(DIGEST, begin + few + hex, ImageGrammar::isDigest);
        check(DIGEST, few + ":" + hex, ImageGrammar::isDigest);
        check("[0-9a-f]{64}", hex, ImageGrammar::isId);
      }
    }
  }

  private static void agrees(
      SplittableRandom random,
      String often,
      String seldom,
      String expression,
      Predicate<String> by) {
    for (int i = 0; i < 20_000; i++) {
      check(expression, text(random, often, random.nextInt(4) == 0 ? seldom : "", 7), by);
    }
    check(expression, "a".repeat(128), by);
    check(expression, "a".repeat(129), by);
  }

  private static void check(String expression, String text, Predicate<String> by) {
    assertThat(by.test(text)).as(text).isEqualTo(Pattern.matches(expression, text));
  }

  private static String text(SplittableRandom random, String often, String seldom, int most) {
    String alphabet = often + seldom;
    StringBuilder text = new StringBuilder();
    for (int length = 1 + random.nextInt(most); text.length() < length; ) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
