package cx.niro.server.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.managed.ManifestObject;
import cx.niro.core.managed.ObjectSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestSetTest {
  private static final String HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

  private static ManifestSet parse(String... texts) {
    List<ManifestFile> files =
        Arrays.stream(texts).map(text -> new ManifestFile("web.yaml", text)).toList();
    return ManifestSet.parse(files, "shop");
  }

  private static void assertRefused(String text, String message) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining(message);
  }

  private static String configMap(String name) {
    return HEAD.replace("name: a", "name: " + name);
  }

  private static Object data(String value) {
    ManifestSet set = parse(HEAD + "value: " + value + "\n");
    return set.manifests().get(0).object().get("value");
  }

  @Test
  void reads_many_documents_and_lists_and_tells_where_each_object_begins() {
    ManifestSet set =
        parse(
            "# first\n" + configMap("one") + "---\n---\n" + configMap("two"),
            """
            apiVersion: v1
            kind: List
            items:
            - {apiVersion: v1, kind: Secret, metadata: {name: x}}
            - {apiVersion: v1, kind: Secret, metadata: {name: "y"}}
            """,
            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMapList\",\"items\":[\n"
                + "\t{\"metadata\":{\"name\":\"three\"}}]}");

    assertThat(set.manifests())
        .extracting(one -> one.ref().toString() + " @ " + Manifest.where(one.source()))
        .containsExactly(
            "ConfigMap one @ web.yaml, document 1, line 2",
            "ConfigMap two @ web.yaml, document 3, line 7",
            "Secret x @ web.yaml, document 1, line 4",
            "Secret y @ web.yaml, document 1, line 5",
            "ConfigMap three @ web.yaml, document 1, line 2");
  }

  @ParameterizedTest
  @CsvSource({
    "0644, 420",
    "0o17, 15",
    "0x1f, 31",
    "-12, -12",
    "1_000, 1000",
    "08, 8",
    "1e3, 1000",
    "9223372036854775807, 9223372036854775807",
  })
  void whole_numbers_are_what_kubectl_reads(String text, long value) {
    assertThat(data(text)).isEqualTo(value);
  }

  @Test
  void other_plain_texts_are_what_kubectl_reads() {
    assertThat(List.of(data("yes"), data("On"), data("true"))).containsOnly(true);
    assertThat(List.of(data("no"), data("off"), data("False"))).containsOnly(false);
    assertThat(data("~")).isNull();
    assertThat(data("1.5")).isEqualTo(1.5);
    assertThat(List.of(data("1.2.3"), data("12:30"), data("2026-01-01"), data("'0644'")))
        .containsExactly("1.2.3", "12:30", "2026-01-01", "0644");
    assertThat(data("!!str 0644")).isEqualTo("0644");
  }

  @Test
  void anchors_and_merges_become_copies() {
    ManifestSet set = parse(HEAD + "data: &d\n  a: one\nmore:\n  <<: *d\n  b: two\nsame: *d\n");
    Map<String, ?> object = set.manifests().get(0).object();
    assertThat(object.get("more")).isEqualTo(Map.of("a", "one", "b", "two"));
    assertThat(object.get("same")).isEqualTo(Map.of("a", "one"));
  }

  @Test
  void what_is_wrong_is_told_with_file_document_and_line() {
    assertRefused(configMap("a") + "---\nkind: Pod\n", "web.yaml, document 2, line 5: apiVersion");
    assertRefused("apiVersion: v1\nkind: pod\n", "document 1, line 1: kind must be a text such as");
    assertRefused(
        "apiVersion: v1\nkind: Pod\n", "line 1: metadata.name must be a text of 1 to 253");
    assertRefused(configMap("a/b"), "metadata.name must be a text that can be part of a path");
    assertRefused(configMap("'..'"), "metadata.name");
    assertRefused(configMap("a, namespace: A_B"), "metadata.namespace");
    assertRefused("just a text", "document 1, line 1: is no Kubernetes object");
    assertRefused("", "there is no object");
    assertRefused("a: [\n", "web.yaml, document 1, line 2");
    assertRefused(HEAD + "a: 1\na: 2\n", "line 5: has the same name twice in one map");
    assertRefused(HEAD + "? [a]\n: b\n", "line 4: has a name that is no text");
    assertRefused(HEAD + "a: !!set {x}\n", "line 4");
    assertRefused(HEAD + "a: !!float .nan\n", "line 4");
  }

  @Test
  void an_object_that_is_there_twice_is_refused_whatever_its_version_and_however_its_namespace() {
    assertRefused(
        configMap("a") + "---\n" + configMap("a, namespace: shop"),
        "document 2, line 5: ConfigMap shop/a is there already: web.yaml, document 1, line 1");
    assertThat(parse(configMap("a") + "---\n" + configMap("a, namespace: other")).manifests())
        .hasSize(2);
    assertRefused(
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: w}}\n---\n"
            + "{apiVersion: apps/v1beta1, kind: Deployment, metadata: {name: w}}",
        "is there already");
  }

  @Test
  void no_message_quotes_what_may_be_a_password() {
    for (String value : List.of("*hunter2", "!hunter2 x", "!h!hunter2 x", "%hunter2", "@hunter2")) {
      assertThatThrownBy(() -> parse(HEAD + "data: {password: " + value + "}\n"))
          .isInstanceOf(ManifestException.class)
          .hasMessageContaining("line 4")
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2"));
    }
  }

  @Test
  void limits_are_named() {
    assertRefused("a: " + "x".repeat(3 * 1024 * 1024), "must have at most 3145728 bytes");
    assertRefused("[".repeat(100_000), "must be nested at most 48 deep");
    assertRefused((HEAD + "---\n").repeat(1001), "must be at most 1000 objects");
    String aliases = "a: &a {k: v}\nb: [" + "*a,".repeat(51) + "]\n";
    assertRefused(HEAD + aliases, "must have at most 50 aliases to maps and lists");
  }

  @Test
  void aliases_of_aliases_end_at_the_limit_of_bytes() {
    StringBuilder bomb = new StringBuilder(HEAD + "a0: &a0 [x, x]\n");
    for (int i = 1; i < 24; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertRefused(bomb.toString(), "bytes when aliases are followed");
    assertRefused(
        HEAD + "a: &a " + "x".repeat(100_000) + "\nb: [" + "*a,".repeat(1000) + "]\n",
        "bytes when aliases are followed");
    assertRefused(HEAD + "a: &a [*a]\n", "contains itself");
    assertRefused("&a {kind: List, items: [*a]}\n", "line 1: contains itself");
  }

  private static String nested(String leaf, int levels) {
    StringBuilder text = new StringBuilder(HEAD + "a0: &a0 " + leaf + "\n");
    for (int i = 1; i <= levels; i++) {
      text.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    return text.toString();
  }

  @Test
  void an_empty_map_counts_as_what_it_takes() {
    assertThat(parse(nested("{}", 10)).manifests()).hasSize(1);
    assertRefused(
        nested("{}", 17),
        "all texts together must take at most 6291456 bytes when aliases are followed, 64 for each");
  }

  @Test
  void lists_in_lists_end_at_the_limit_of_bytes() {
    StringBuilder text = new StringBuilder("- &a0 {kind: List, items: []}\n");
    for (int i = 1; i < 24; i++) {
      text.append("- &a%d {kind: List, items: [*a%d, *a%d]}\n".formatted(i, i - 1, i - 1));
    }
    assertRefused(text.toString(), "bytes when aliases are followed");
  }

  @Test
  void texts_share_one_limit_on_what_their_aliases_become() {
    String large = nested("{}", 14);
    assertThat(parse(large).manifests()).hasSize(1);
    assertThatThrownBy(() -> parse(large, large.replace("name: a", "name: b")))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("all texts together");
  }

  @Test
  void numbers_that_are_none_to_anybody_are_refused_with_their_place() {
    assertThat(data("9".repeat(40))).isEqualTo(1e40);
    for (String digits : List.of("9".repeat(41), "-0x" + "f".repeat(400), "7".repeat(2_000_000))) {
      assertRefused(
          HEAD + "a: " + digits + "\n",
          "web.yaml, document 1, line 4: a whole number must have at most 40 characters");
    }
    assertRefused(HEAD + "a: -1e999\n", "web.yaml, document 1, line 4: a number is too large");
  }

  /** Otherwise it is stored, and refused whenever it is read again. */
  @Test
  void texts_that_json_documents_may_not_hold_are_refused_with_their_place() {
    assertThat(data("\"\\ud83d\\ude00\"")).isEqualTo("\ud83d\ude00");
    for (String text : List.of("\\0", "\\u0000", "x\\x00", "\\ud800", "\\udc00\\ud800")) {
      String refusal =
          "web.yaml, document 1, line 4: must not hold NUL or half of a surrogate pair";
      assertRefused(HEAD + "a: \"" + text + "\"\n", refusal);
      assertRefused(HEAD + "\"" + text + "\": a\n", refusal);
    }
  }

  @Test
  void a_list_that_was_not_taken_apart_is_no_object() {
    Map<String, Object> secret =
        Map.of("apiVersion", "v1", "kind", "Secret", "metadata", Map.of("name", "s"));
    for (String kind : List.of("List", "SecretList")) {
      Map<String, Object> list =
          Map.of(
              "apiVersion",
              "v1",
              "kind",
              kind,
              "metadata",
              Map.of("name", "l"),
              "items",
              List.of(secret));
      Manifest one = new Manifest(new ObjectSource("a.json", 1, 2), list);
      assertThatThrownBy(() -> ManifestSet.checked(List.of(one), "shop"))
          .isInstanceOf(ManifestException.class)
          .hasMessageContaining("a.json, document 1, line 2: a list is no object of its own");
    }
    assertRefused(
        "{apiVersion: v1, kind: SecretListList, items: [{metadata: {name: s}, items: []}]}",
        "a list is no object of its own");
  }

  @Test
  void what_kubectl_wrote_about_its_last_apply_is_left_out() {
    String annotation = "kubectl.kubernetes.io/last-applied-configuration: '{}'";
    ManifestSet set = parse(configMap("a, annotations: {b: c, " + annotation + "}"));
    assertThat(set.manifests().get(0).object().get("metadata"))
        .isEqualTo(Map.of("name", "a", "annotations", Map.of("b", "c")));
  }

  @Test
  void comes_back_from_the_store_as_it_was() {
    ManifestSet set =
        parse(HEAD + "n: [1, 2.5, true, null, '" + "long ".repeat(2000) + "']\nempty: {}\n");
    List<ManifestObject> stored = set.forAgents();
    assertThat(ManifestSet.ofStored(stored)).isEqualTo(set);
  }
}
