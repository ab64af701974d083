package cx.niro.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Credential;
import cx.niro.core.protocol.HeldContent.Applied;
import cx.niro.core.snapshot.ContentDigest;
import java.io.File;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenTest {
  /** Kept by a receiver, never on the wire. */
  private static final Set<Class<?>> NOT_SENT =
      Set.of(HeldContent.class, HeldContent.Head.class, Applied.class);

  private final NiroCodec codec = NiroCodec.create();

  static Iterable<Golden> goldens() {
    return Golden.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("goldens")
  void a_golden_document_decodes_and_encodes_to_itself(Golden golden) {
    Object message = codec.decode(golden.type(), golden.bytes());

    assertThat(codec.decode(Object.class, codec.encode(message)))
        .isEqualTo(codec.decode(Object.class, golden.bytes()));
    assertThat(codec.<Object>decode(cast(golden.type()), codec.encode(message))).isEqualTo(message);
  }

  @SuppressWarnings("unchecked")
  private static Class<Object> cast(Class<?> type) {
    return (Class<Object>) type;
  }

  @Test
  void every_record_of_the_protocol_is_in_a_golden_document() throws Exception {
    Set<String> seen = new TreeSet<>();
    for (Golden golden : Golden.all()) {
      collect(codec.decode(golden.type(), golden.bytes()), seen);
    }

    assertThat(seen).containsAll(recordsOfThisPackage());
  }

  private static void collect(Object value, Set<String> seen) throws Exception {
    if (value instanceof Iterable<?> list) {
      for (Object element : list) {
        collect(element, seen);
      }
    }
    if (value instanceof Record) {
      seen.add(value.getClass().getName());
      for (RecordComponent component : value.getClass().getRecordComponents()) {
        collect(component.getAccessor().invoke(value), seen);
      }
    }
  }

  private static Set<String> recordsOfThisPackage() throws Exception {
    Set<String> records = new TreeSet<>();
    File folder =
        new File(NiroCodec.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    File[] files = new File(folder, NiroCodec.class.getPackageName().replace('.', '/')).listFiles();
    for (File file : Objects.requireNonNull(files)) {
      String name = NiroCodec.class.getPackageName() + "." + file.getName().replace(".class", "");
      if (file.getName().endsWith(".class") && !name.endsWith("package-info")) {
        Class<?> type = Class.forName(name);
        if (type.isRecord() && !NOT_SENT.contains(type)) {
          records.add(name);
        }
      }
    }
    return records;
  }

  @Test
  void the_golden_beats_follow_one_another() {
    Heartbeat full = heartbeat("heartbeat-full");
    Heartbeat delta = heartbeat("heartbeat-delta");
    Heartbeat unchanged = heartbeat("heartbeat-unchanged");

    Applied first = HeldContent.apply(null, full.bootId(), full.content());
    Applied second = HeldContent.apply(first.held(), delta.bootId(), delta.content());
    Applied third = HeldContent.apply(second.held(), unchanged.bootId(), unchanged.content());

    assertThat(Arrays.asList(first.resync(), second.resync(), third.resync())).containsOnlyNulls();
    HeldContent held = Objects.requireNonNull(third.held());
    assertThat(held.gap()).isZero();
    assertThat(held.snapshot().objects().autoscalers()).isEmpty();
    assertThat(ContentDigest.text(held.digest())).isEqualTo(unchanged.content().digest());
  }

  private Heartbeat heartbeat(String name) {
    return codec.decode(Heartbeat.class, Golden.of(name).bytes());
  }

  @Test
  void the_golden_credentials_are_whole() {
    EnrollRequest request = codec.decode(EnrollRequest.class, Golden.of("enroll-request").bytes());
    EnrollReply reply = codec.decode(EnrollReply.class, Golden.of("enroll-reply").bytes());
    KeyReply key = codec.decode(KeyReply.class, Golden.of("key-reply").bytes());

    Credential.parse(Credential.Kind.ENROLLMENT_TOKEN, request.token());
    Credential.parse(Credential.Kind.AGENT_KEY, reply.agentKey());
    Credential.parse(Credential.Kind.AGENT_KEY, key.agentKey());
  }
}
