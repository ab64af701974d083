package cx.niro.core.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.BootId;
import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.Environment;
import cx.niro.core.ErrorCode;
import cx.niro.core.snapshot.Capabilities;
import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NiroCodecTest {
  private static final String BEAT_HEAD =
      "{'bootId':'b1','sequence':1,'timing':{'sentAt':1},'content':{'form':'full','revision':1,'snapshot':{";

  private final NiroCodec codec = NiroCodec.create();
  private final NiroCodec rest = NiroCodec.forRest();

  private <T> T decode(Class<T> type, String json) {
    return codec.decode(type, json.replace('\'', '"').getBytes(UTF_8));
  }

  private ClusterSnapshot snapshot(String members) {
    Heartbeat beat = decode(Heartbeat.class, BEAT_HEAD + members + "}}}");
    return ((BeatContent.Full) beat.content()).snapshot();
  }

  private String json(Object value) {
    return new String(codec.encode(value), UTF_8);
  }

  @Test
  void a_document_of_several_heartbeats_may_have_as_many_times_the_values() {
    byte[] numbers = ("[1" + ",1".repeat(Limits.VALUES) + "]").getBytes(UTF_8);
    assertThatThrownBy(
            () ->
                codec.decode(
                    Object.class, new ByteArrayInputStream(numbers), Limits.HEARTBEAT_BYTES))
        .isInstanceOf(DecodingException.class);
    Object read =
        codec.decode(Object.class, new ByteArrayInputStream(numbers), 2 * Limits.HEARTBEAT_BYTES);
    assertThat((List<?>) read).hasSize(Limits.VALUES + 1);
  }

  @Test
  void a_kind_that_may_run_twice_is_a_capability_like_any_other() {
    Capabilities granted =
        new Capabilities(Set.of("acme.reboot", Capabilities.idempotent("acme.reboot")));
    ClusterInfo info = ClusterInfo.EMPTY.withCapabilities(granted);
    assertThat(codec.decode(ClusterInfo.class, codec.encode(info))).isEqualTo(info);
  }

  record Settings(String name, @Nullable Integer limit) {}

  @Test
  void the_rest_door_writes_nulls_and_names_the_member_that_is_wrong() {
    assertThat(new String(rest.encode(new Settings("a", null)), UTF_8))
        .isEqualTo("{\"name\":\"a\",\"limit\":null}");
    for (String body :
        List.of("{\"name\":\"a\",\"limit\":\"x\"}", "{\"limit\":1}", "{\"nmae\":1}")) {
      assertThatThrownBy(() -> rest.decode(Settings.class, body.getBytes(UTF_8)))
          .isInstanceOfSatisfying(
              DecodingException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_FIELD));
    }
    assertThatThrownBy(() -> rest.decode(Settings.class, "{\"nmae\":1}".getBytes(UTF_8)))
        .hasMessage("$.nmae: is not known here");
    assertThatThrownBy(() -> rest.decode(Settings.class, "[]".getBytes(UTF_8)))
        .isInstanceOfSatisfying(
            DecodingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_BODY));
  }

  record Change(@NullMeans(0) @Nullable Integer limit) {}

  @Test
  void a_null_that_was_sent_can_be_told_from_a_member_that_was_not() {
    assertThat(rest.decode(Change.class, "{}".getBytes(UTF_8)).limit()).isNull();
    assertThat(rest.decode(Change.class, "{\"limit\":null}".getBytes(UTF_8)).limit()).isZero();
    assertThat(rest.decode(Change.class, "{\"limit\":7}".getBytes(UTF_8)).limit()).isEqualTo(7);
  }

  @Test
  void ids_are_texts_enums_their_wire_name_and_raw_json_is_inline() {
    CommandResult result =
        new CommandResult(
            new BootId("b1"),
            1,
            CommandState.SUCCEEDED,
            null,
            codec.rawJson("{\"a\": [1]}"),
            null,
            5L);

    assertThat(json(result))
        .isEqualTo(
            "{\"bootId\":\"b1\",\"attempt\":1,\"state\":\"succeeded\",\"output\":{\"a\": [1]},\"finishedAt\":5}");
    assertThat(codec.decode(CommandResult.class, codec.encode(result))).isEqualTo(result);
  }

  @Test
  void content_has_its_form_beside_flat_members() {
    assertThat(json(new BeatContent.Unchanged(7, "00000000000000ff")))
        .isEqualTo("{\"form\":\"unchanged\",\"revision\":7,\"digest\":\"00000000000000ff\"}");
  }

  @Test
  void capabilities_are_a_list_of_texts() {
    ClusterInfo info =
        decode(ClusterInfo.class, "{'capabilities':['pods','acme.reboot'],'later':{'x':[1]}}");

    assertThat(info.capabilities().has("acme.reboot")).isTrue();
    assertThat(json(info)).isEqualTo("{\"capabilities\":[\"acme.reboot\",\"pods\"]}");
    assertThat(decode(ClusterInfo.class, "{}").capabilities()).isEqualTo(Capabilities.NONE);
  }

  @Test
  void every_field_of_an_object_but_its_identity_may_be_absent() {
    ClusterSnapshot snapshot =
        snapshot(
            "'sections':{'pods':{'state':'complete'}},'objects':{'pods':[{'meta':{'uid':'u','name':'n'}}]}");

    assertThat(snapshot.objects().pods())
        .singleElement()
        .satisfies(pod -> assertThat(pod.status().phase()).isNull());
    assertThat(snapshot.section(Section.PODS)).isEqualTo(SectionStatus.COMPLETE);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {'meta':{'name':'n'}}                         | .meta.uid: is missing
          {'meta':{'uid':'u','name':7}}                 | .meta.name: must be a text but was a number
          {'meta':{'uid':'a\\u0000b','name':'n'}}       | .meta.uid: must not hold NUL or half of a surrogate pair
          {'meta':{'uid':'u','name':'n','uid':'v'}}     | .meta.uid: is there twice
          {'meta':{'uid':'u','name':'n'},'taints':{}}   | .taints: must be a list but was an object
          {'meta':{'uid':'u','name':'n'},'runningPods':1e999} | .runningPods: must be a whole number of at most 64 bits
          {}                                            | .meta: is missing
          {'meta':{'uid':'','name':'n'}}                | : the uid or the name is empty
          {'meta':{'uid':'u','name':''}}                | : the uid or the name is empty
          17                                            | : must be an object but was a number
          [[[{}]]]                                      | : must be an object but was a list
          """)
  void a_bad_object_is_left_out_and_its_section_partial(String bad, String reason) {
    ClusterSnapshot snapshot =
        snapshot(
            "'objects':{'nodes':[{'meta':{'uid':'1','name':'first'}},"
                + bad
                + ",{'meta':{'uid':'3','name':'third'}}]},'sections':{'nodes':{'state':'complete','total':3}}");

    assertThat(snapshot.objects().nodes())
        .extracting(n -> n.meta().uid())
        .containsExactly("1", "3");
    assertThat(snapshot.section(Section.NODES))
        .isEqualTo(
            new SectionStatus(
                SectionStatus.State.PARTIAL, 3, 1, "$.content.snapshot.objects.nodes[1]" + reason));
  }

  @Test
  void over_long_names_drop_the_object_and_over_long_texts_are_clipped() {
    String node =
        "{'meta':{'uid':'%s','name':'%s'},'conditions':[{'type':'Ready','status':'True','message':'%s'}]}";
    ClusterSnapshot snapshot =
        snapshot(
            "'objects':{'nodes':["
                + String.format(node, "u", "n", "m".repeat(300))
                + ","
                + String.format(node, "u".repeat(129), "n", "m")
                + ","
                + String.format(node, "v", "n".repeat(254), "m")
                + "]}");

    assertThat(snapshot.objects().nodes()).hasSize(1);
    assertThat(snapshot.objects().nodes().get(0).conditions().get(0).message()).hasSize(256);
    assertThat(snapshot.section(Section.NODES).dropped()).isEqualTo(2);
    assertThat(snapshot.section(Section.NODES).reason())
        .isEqualTo(
            "$.content.snapshot.objects.nodes[1].meta.uid: must have at most 128 characters but has 129");
  }

  @Test
  void of_two_objects_with_one_uid_the_last_wins_and_one_is_counted() {
    ClusterSnapshot snapshot =
        snapshot(
            "'objects':{'nodes':[{'meta':{'uid':'1','name':'a'}},{'meta':{'uid':'1','name':'b'}}]}");

    assertThat(snapshot.objects().nodes()).extracting(n -> n.meta().name()).containsExactly("b");
    assertThat(snapshot.section(Section.NODES).reason())
        .isEqualTo("$.content.snapshot.objects.nodes[1]: the uid is there twice");
  }

  @Test
  void objects_over_the_limit_of_a_section_are_left_out() {
    StringBuilder nodes = new StringBuilder();
    for (int i = 0; i < Limits.SECTION_OBJECTS + 3; i++) {
      nodes.append(i == 0 ? "" : ",").append("{'meta':{'uid':'").append(i).append("','name':'n'}}");
    }
    ClusterSnapshot snapshot = snapshot("'objects':{'nodes':[" + nodes + "]}");

    assertThat(snapshot.objects().nodes()).hasSize(Limits.SECTION_OBJECTS);
    assertThat(snapshot.section(Section.NODES).dropped()).isEqualTo(3);
    assertThat(snapshot.section(Section.NODES).reason())
        .endsWith("nodes[50000]: over the limit of 50000 objects");
  }

  @Test
  void unknown_sections_are_ignored_and_unknown_states_are_errors_with_a_reason() {
    assertThat(snapshot("'sections':{'ingresses':{'state':'wobbly'}}").sections()).isEmpty();
    assertThat(snapshot("'sections':{'pods':{'state':'wobbly','total':3}}").section(Section.PODS))
        .isEqualTo(
            new SectionStatus(
                SectionStatus.State.ERROR,
                3,
                0,
                "the agent gave a state that is not known here: wobbly"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {'bootId':'b','sequence':0}     | $.sequence: must be at least 1 but was 0
          {'bootId':'b c','sequence':1}   | $.bootId: bootId must be 1 to 64 letters, digits, '.', '_' or '-', and start with a letter or digit, but was 'b c' (3 characters)
          {'sequence':1}                  | $.bootId: is missing
          {'bootId':'b','sequence':'1'}   | $.sequence: must be a whole number but was a text
          {'bootId':'b','sequence':1.5}   | $.sequence: must be a whole number of at most 64 bits
          {'bootId':'b','sequence':1,'timing':{'sentAt':1},'content':{'form':'delta','revision':4,'baseRevision':4,'delta':{}}} | $.content.baseRevision: must be lower than the revision 4 but was 4
          {'bootId':'b','sequence':1,'timing':{'sentAt':1},'content':{'form':'delta','revision':4,'baseRevision':3}} | $.content.delta: is missing
          {'bootId':'b','sequence':1,'timing':{'sentAt':1},'content':{'form':'full','revision':4}} | $.content.snapshot: is missing
          {'bootId':'b','sequence':1,'timing':{'sentAt':1},'content':{'form':'unchanged','revision':-4}} | $.content.revision: must be at least 0 but was -4
          {'bootId':'b','sequence':1,'timing':{'sentAt':1},'content':{'form':'unchanged','revision':4,'digest':'FF'}} | $.content.digest: must have 16 lower-case hexadecimal digits
          {'bootId':'b','sequence':1,'timing':{'sentAt':1},'content':{'form':'half','revision':4}} | $.content.form: must be one of unchanged, delta, full but was 'half'
          {'bootId':'b','sequence':1,'timing':{'sentAt':1},'content':{'form':'unchanged','revision':4},'usage':{'nodes':{'uids':['a'],'cpuMillis':[],'memoryBytes':[1]}}} | $.usage.nodes: the columns must have one length but have [1, 0, 0, 1]
          {'bootId':'b','sequence':1} trailing | $.timing: is missing
          {'bootId':'b','sequence':1,     | $.sequence: not well-formed JSON
          """)
  void a_heartbeat_outside_its_limits_is_refused(String json, String message) {
    assertThatThrownBy(() -> decode(Heartbeat.class, json))
        .isInstanceOfSatisfying(
            DecodingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_BODY))
        .hasMessage(message);
  }

  @Test
  void one_byte_over_the_limit_is_too_large() {
    byte[] body = "{\"bootId\":\"b\"}".getBytes(UTF_8);

    assertThat(codec.decode(Goodbye.class, new ByteArrayInputStream(body), body.length).bootId())
        .isEqualTo(new BootId("b"));
    assertThatThrownBy(
            () -> codec.decode(Goodbye.class, new ByteArrayInputStream(body), body.length - 1))
        .isInstanceOfSatisfying(
            DecodingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BODY_TOO_LARGE))
        .hasMessage("$: the body is over its limit of 13 bytes");
  }

  @Test
  void nesting_over_the_limit_is_refused_wherever_it_is() {
    String deep = "[".repeat(80) + "]".repeat(80);

    assertThatThrownBy(() -> decode(Goodbye.class, "{'bootId':'b','later':" + deep + "}"))
        .hasMessageStartingWith("$.later[0][0]")
        .hasMessageEndingWith(": nested deeper than the limit of 64");
    assertThatThrownBy(() -> codec.rawJson(deep))
        .isInstanceOf(DecodingException.class)
        .hasMessageEndingWith("nested deeper than the limit of 64");
  }

  @Test
  void raw_json_must_be_one_well_formed_value() {
    assertThat(codec.rawJson(" {\"a\": null} ").text()).isEqualTo(" {\"a\": null} ");
    for (String bad : List.of("", "{", "{]", "1 2", "nul", "{\"a\" 1}", "'a'", "[1,]")) {
      assertThatThrownBy(() -> codec.rawJson(bad)).as(bad).isInstanceOf(DecodingException.class);
    }
  }

  @Test
  void an_unknown_command_state_is_refused_at_its_path() {
    assertThatThrownBy(
            () ->
                decode(
                    PollRequest.class,
                    "{'bootId':'b','holding':[{'id':'c','state':'lost','attempt':1}]}"))
        .isInstanceOf(DecodingException.class)
        .hasMessageStartingWith("$.holding[0].state: must be one of pending, offered");
  }

  record Row(
      CommandId id,
      @Nullable Instant lastBeatAt,
      Environment environment,
      List<String> labels,
      Map<Environment, Integer> counts) {}

  record Listing<T>(List<T> items, @Nullable String nextCursor) {}

  @Test
  void the_rest_door_writes_instants_as_rfc_3339_and_empty_lists() {
    Row row =
        new Row(
            new CommandId("c1"),
            Instant.parse("2026-01-05T08:00:00Z"),
            Environment.PRODUCTION,
            List.of(),
            Map.of(Environment.DEV, 2));

    String json = new String(rest.encode(new Listing<>(List.of(row), null)), UTF_8);

    assertThat(json)
        .isEqualTo(
            "{\"items\":[{\"id\":\"c1\",\"lastBeatAt\":\"2026-01-05T08:00:00Z\",\"environment\":\"production\",\"labels\":[],\"counts\":{\"dev\":2}}],\"nextCursor\":null}");
    assertThat(rest.decode(Row.class, rest.encode(row))).isEqualTo(row);
  }

  @Test
  void maps_of_anything_go_both_ways_and_keep_null() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("items", Arrays.asList(1L, 2.5, "x", true, null, new ClusterId("k").value()));
    map.put("nextCursor", null);

    assertThat(rest.decode(Object.class, rest.encode(map))).isEqualTo(map);
    assertThat(new String(rest.encode(map), UTF_8)).endsWith(",\"nextCursor\":null}");
  }

  @Test
  void snapshots_go_both_ways() {
    Node node =
        decode(Node.class, "{'meta':{'uid':'u','name':'n','labels':{'a':'b'}},'runningPods':3}");
    ClusterSnapshot snapshot =
        new ClusterSnapshot(
            ClusterInfo.EMPTY,
            Map.of(
                Section.NODES,
                SectionStatus.COMPLETE,
                Section.PERSISTENT_VOLUME_CLAIMS,
                SectionStatus.OFF),
            new Inventory(
                List.of(node), List.of(), List.of(), List.of(), List.of(), List.of(), List.of()));

    assertThat(codec.decode(ClusterSnapshot.class, codec.encode(snapshot))).isEqualTo(snapshot);
    assertThat(rest.decode(ClusterSnapshot.class, rest.encode(snapshot))).isEqualTo(snapshot);
  }
}
