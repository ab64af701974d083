package cx.niro.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.Credential.Kind;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CredentialTest {
  private final Credential token = Credential.mint(Kind.ENROLLMENT_TOKEN, new Random(1));

  @ParameterizedTest
  @EnumSource
  void what_is_minted_can_be_parsed(Kind kind) {
    Credential minted = Credential.mint(kind, new Random(7));

    Credential parsed = Credential.parse(kind, "  " + minted.secretText() + "\n");

    assertThat(parsed).isEqualTo(minted).hasSameHashCodeAs(minted);
    assertThat(parsed.secretText()).startsWith(kind.prefix()).hasSize(kind.length());
    assertThat(parsed.kind()).isEqualTo(kind);
    assertThat(parsed.keyId()).hasSize(16).isEqualTo(minted.keyId());
    assertThat(parsed.matches(minted.hash())).isTrue();
  }

  @Test
  void a_truncated_token_is_told_from_an_unknown_one() {
    String text = token.secretText();

    assertThatThrownBy(() -> parse(text.substring(0, text.length() - 1)))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.TOKEN_MALFORMED))
        .hasMessage("it must have 73 characters but has 72; was it copied whole?");
    assertThatThrownBy(() -> parse(text + "A"))
        .hasMessage("it must have 73 characters but has 74; was it copied whole?");
  }

  @Test
  void every_single_mistyped_character_is_noticed() {
    String text = token.secretText();
    for (int i = Kind.ENROLLMENT_TOKEN.prefix().length(); i < text.length(); i++) {
      char other = text.charAt(i) == 'a' ? 'b' : 'a';
      String mistyped = text.substring(0, i) + other + text.substring(i + 1);

      assertThatThrownBy(() -> parse(mistyped))
          .as("character %s", i)
          .isInstanceOf(InvalidRequestException.class)
          .hasMessage("its checksum does not match; was it mistyped?");
    }
  }

  @Test
  void characters_outside_base62_are_mistyped_too() {
    String text = token.secretText();

    assertThatThrownBy(() -> parse(text.substring(0, 72) + "-"))
        .hasMessage("its checksum does not match; was it mistyped?");
  }

  @Test
  void a_credential_of_another_kind_is_named_by_its_prefix() {
    assertThatThrownBy(() -> Credential.parse(Kind.AGENT_KEY, token.secretText()))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.KEY_MALFORMED))
        .hasMessage("it must start with niro_ak_");
    assertThatThrownBy(() -> Credential.parse(Kind.API_TOKEN, ""))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_AUTHENTICATED))
        .hasMessage("it must start with niro_at_");
  }

  @Test
  void no_message_and_no_description_holds_the_secret() {
    String secret = token.secretText().substring(24);

    assertThat(token.toString()).isEqualTo("niro_et_" + token.keyId() + "…").doesNotContain(secret);
    assertThatThrownBy(() -> parse(token.secretText().substring(1)))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain(secret));
  }

  @Test
  void two_mints_differ() {
    Random random = new Random(3);

    assertThat(Credential.mint(Kind.AGENT_KEY, random))
        .isNotEqualTo(Credential.mint(Kind.AGENT_KEY, random));
  }

  @Test
  void a_hash_matches_its_own_secret_only() {
    Credential other = Credential.mint(Kind.ENROLLMENT_TOKEN, new Random(2));

    assertThat(token.hash().hex()).matches("[0-9a-f]{64}");
    assertThat(token.hash().matches(token.secretText())).isTrue();
    assertThat(token.hash().matches(other.secretText())).isFalse();
    assertThat(SecretHash.of("abc").hex())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  private static Credential parse(String text) {
    return Credential.parse(Kind.ENROLLMENT_TOKEN, text);
  }
}
