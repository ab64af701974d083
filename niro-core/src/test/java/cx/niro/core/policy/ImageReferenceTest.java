package cx.niro.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
  private static final String HEX = "0123456789abcdef".repeat(4);

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "nginx, docker.io, library/nginx, ",
    "nginx:1.27, docker.io, library/nginx, 1.27",
    "library/nginx, docker.io, library/nginx, ",
    "rancher/k3s:v1.33.5-k3s1, docker.io, rancher/k3s, v1.33.5-k3s1",
    "docker.io/nginx, docker.io, library/nginx, ",
    "index.docker.io/nginx:1, docker.io, library/nginx, 1",
    "ghcr.io/acme/shop/web:2, ghcr.io, acme/shop/web, 2",
    "localhost/app, localhost, app, ",
    "localhost:5000/app, localhost:5000, app, ",
    "host:5000/app, host:5000, app, ",
    "host:5000/app:latest, host:5000, app, latest",
    "host/app, docker.io, host/app, ",
    "HOST/app:1, HOST, app, 1",
    "[2001:db8::1]:5000/app:1, [2001:db8::1]:5000, app, 1",
    "127.0.0.1:5000/a/b, 127.0.0.1:5000, a/b, ",
    "a__b/c-d---e.f_g:Tag_1.x-Y, docker.io, a__b/c-d---e.f_g, Tag_1.x-Y"
  })
  void takes_a_name_apart(String text, String registry, String repository, String tag) {
    ImageReference image = ImageReference.parse(text);
    assertThat(image).isEqualTo(new ImageReference(registry, repository, tag, null));
    assertThat(ImageReference.parse(image.toString())).isEqualTo(image);
  }

  @Test
  void a_digest_is_kept_beside_the_tag() {
    String digest = "sha256:" + HEX;
    ImageReference image = ImageReference.parse("registry:5000/app:1.2@" + digest);
    assertThat(image)
        .isEqualTo(new ImageReference("registry:5000", "app", "1.2", digest))
        .hasToString("registry:5000/app:1.2@" + digest);
    assertThat(ImageReference.parse("app@sha512:" + HEX + HEX).digest()).endsWith(HEX);
  }

  @ParameterizedTest
  @CsvSource({
    "app, true",
    "app:latest, true",
    "host:5000/app, true",
    "app:1, false",
    "app:latest-1, false",
    "host:5000/app:5000, false"
  })
  void tells_whether_the_name_may_mean_another_image_tomorrow(String text, boolean latest) {
    assertThat(ImageReference.parse(text).isLatest()).isEqualTo(latest);
    assertThat(ImageReference.parse(text + "@sha256:" + HEX).isLatest()).isFalse();
  }

  @Test
  void the_host_is_the_registry_without_a_port() {
    assertThat(ImageReference.parse("ghcr.io:443/a").host()).isEqualTo("ghcr.io");
    assertThat(ImageReference.parse("[::1]:5000/a").host()).isEqualTo("[::1]");
    assertThat(ImageReference.parse("a").host()).isEqualTo("docker.io");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "App",
        "docker.io/Acme/web",
        "app:",
        "app:-1",
        "app@",
        "app@sha256:abc",
        "app@sha256",
        "a//b",
        "/a",
        "a/",
        ".a",
        "a..b",
        "a___b",
        "a_",
        "http://host/app",
        "host:port/app",
        "host:5000/",
        "[::1/app",
        "-host.io/app",
        "app:1:2/x y",
        "$IMAGE",
        "{{ .Values.image }}",
        "app:tag@sha256:x@y",
        "ünïcode/app"
      })
  void what_is_no_reference_is_refused_with_the_text(String text) {
    assertThatExceptionOfType(InvalidImageReferenceException.class)
        .isThrownBy(() -> ImageReference.parse(text))
        .withMessageContaining("'" + text + "'");
  }

  @Test
  void sizes_are_those_of_the_grammar() {
    assertThat(ImageReference.parse("a:" + "x".repeat(128)).tag()).hasSize(128);
    for (String text :
        new String[] {
          "",
          HEX,
          "a:" + "x".repeat(129),
          "a/" + "b".repeat(255),
          "x".repeat(2000),
          "a@sha256:" + HEX.toUpperCase(java.util.Locale.ROOT)
        }) {
      assertThatExceptionOfType(InvalidImageReferenceException.class)
          .isThrownBy(() -> ImageReference.parse(text));
    }
  }

  @Test
  void the_message_is_short_and_on_one_line() {
    assertThatExceptionOfType(InvalidImageReferenceException.class)
        .isThrownBy(() -> ImageReference.parse("A\n" + "b".repeat(900)))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200).doesNotContain("\n"));
  }

  @Test
  void hostile_texts_take_no_time() {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          for (String part : new String[] {"a-", "a_", "a.", "a/", "--", "a:", "A-", "[:"}) {
            String text = part.repeat(500) + "!";
            for (int i = 0; i < 200; i++) {
              assertThatExceptionOfType(InvalidImageReferenceException.class)
                  .isThrownBy(() -> ImageReference.parse(text));
            }
          }
        });
  }
}
