package cx.niro.core.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import cx.niro.core.ErrorCode;
import cx.niro.core.snapshot.ClusterSnapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever arrives, decoding ends in a value or in {@link DecodingException}. How many damaged
 * documents are tried is {@code -Dniro.fuzz.mutations}; a run of 100,000 or more also holds each to
 * 50 ms of CPU.
 */
class HostileInputTest {
  private static final int MUTATIONS = Integer.getInteger("niro.fuzz.mutations", 1_000);
  private static final boolean LONG_RUN = MUTATIONS >= 100_000;
  private static final long CPU_LIMIT_NANOS = 50_000_000;
  private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final NiroCodec codec = NiroCodec.create();

  static Iterable<Golden> goldens() {
    return Golden.all();
  }

  private static long limitOf(Class<?> type) {
    return Map.<Class<?>, Long>of(
            EnrollRequest.class, Limits.ENROLL_BYTES,
            Heartbeat.class, Limits.HEARTBEAT_BYTES,
            PollReply.class, Limits.POLL_REPLY_BYTES,
            CommandResult.class, Limits.RESULT_BYTES,
            LogPiece.class, Limits.STREAM_BYTES)
        .getOrDefault(type, Limits.SMALL_BYTES);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("goldens")
  void a_damaged_document_ends_in_a_value_or_in_the_one_exception(Golden golden) {
    List<String> texts = Golden.all().stream().map(Golden::text).toList();
    Mutations mutations = new Mutations(golden.name().hashCode(), texts);
    Tally tally = new Tally(golden);

    for (int i = 0; i < MUTATIONS; i++) {
      tally.take(mutations.of(golden.text()), i);
    }
    assertThat(tally.refused).as("some are refused").isPositive();
    assertThat(tally.taken).as("some are taken").isPositive();
    if (LONG_RUN) {
      System.out.println(tally);
    }
  }

  private final class Tally {
    private final Golden golden;
    private final long limit;
    private int taken;
    private int refused;
    private long mostNanos;
    private long mostBytes;

    Tally(Golden golden) {
      this.golden = golden;
      this.limit = limitOf(golden.type());
    }

    void take(byte[] document, int number) {
      long nanos = THREAD.getCurrentThreadCpuTime();
      Object message = null;
      DecodingException refusal = null;
      try {
        message = codec.decode(golden.type(), new ByteArrayInputStream(document), limit);
      } catch (DecodingException e) {
        refusal = e;
      } catch (Throwable e) {
        throw new AssertionError("mutation " + number + ": " + new String(document, UTF_8), e);
      }
      nanos = THREAD.getCurrentThreadCpuTime() - nanos;
      long bytes = allocated(document);
      mostBytes = Math.max(mostBytes, bytes);
      assertThat(bytes).as("bytes allocated for mutation %s", number).isLessThan(budget());
      if (number > 500) {
        mostNanos = Math.max(mostNanos, nanos);
        assertThat(LONG_RUN && nanos > CPU_LIMIT_NANOS).as("%s ns", nanos).isFalse();
      }
      if (refusal == null) {
        taken++;
        staysTheSame(message, number);
      } else {
        refused++;
        namesPathAndLimit(refusal, document.length, number);
      }
    }

    /** Four times the limit; buffers and the exception cost the smallest messages more. */
    private long budget() {
      return 4 * Math.max(limit, Limits.SMALL_BYTES);
    }

    /** Measured in a second decoding: the first may load classes. */
    private long allocated(byte[] document) {
      long before = THREAD.getCurrentThreadAllocatedBytes();
      try {
        codec.decode(golden.type(), new ByteArrayInputStream(document), limit);
      } catch (DecodingException e) {
        assertThat(e).isNotNull();
      }
      return THREAD.getCurrentThreadAllocatedBytes() - before;
    }

    private void staysTheSame(Object message, int number) {
      assertThat((Object) codec.decode(golden.type(), codec.encode(message)))
          .as("mutation %s", number)
          .isEqualTo(message);
    }

    private void namesPathAndLimit(DecodingException refusal, int length, int number) {
      assertThat(refusal.path()).as("mutation %s", number).startsWith("$");
      assertThat(refusal.getMessage()).startsWith(refusal.path() + ": ").hasSizeLessThan(600);
      if (length > limit && refusal.code() == ErrorCode.BODY_TOO_LARGE) {
        assertThat(refusal.getMessage()).contains(String.valueOf(limit));
      } else {
        assertThat(refusal.code()).isEqualTo(ErrorCode.MALFORMED_BODY);
      }
    }

    @Override
    public String toString() {
      return String.format(
          "%-24s %d mutations: %d taken, %d refused, at most %.1f ms of CPU and %d kB (budget %d kB)",
          golden.name(),
          taken + refused,
          taken,
          refused,
          mostNanos / 1e6,
          mostBytes / 1024,
          budget() / 1024);
    }
  }

  private record Bulk(String name, String head, String unit, String tail) {
    byte[] document() {
      int room = (int) Limits.HEARTBEAT_BYTES - head.length() - tail.length();
      return (head + unit.repeat(room / unit.getBytes(UTF_8).length) + tail).getBytes(UTF_8);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Bulk> bulks() {
    String objects = "{\"objects\":{\"pods\":[";
    return List.of(
        new Bulk("white space", "{", " ", "}"),
        new Bulk("digits", "{\"x\":", "9", "}"),
        new Bulk("empty objects", objects, "{},", "{}]}}"),
        new Bulk("numbers for objects", objects, "1,", "1]}}"),
        new Bulk("opening brackets", "{\"x\":", "[", "}"),
        new Bulk("one unknown text", "{\"x\":\"", "a", "\"}"),
        new Bulk("one known text", "{\"info\":{\"agentVersion\":\"", "a", "\"}}"),
        new Bulk("one escaped text", "{\"info\":{\"agentVersion\":\"", "\\u0100", "\"}}"),
        new Bulk("one wide text", "{\"info\":{\"agentVersion\":\"", "\u0100", "\"}}"),
        new Bulk("one name", "{\"", "a", "\":1}"),
        new Bulk("many names", "{", "\"a\":1,", "\"b\":1}"),
        new Bulk("many capabilities", "{\"info\":{\"capabilities\":[", "\"a\",", "\"b\"]}}"),
        new Bulk(
            "empty ports",
            objects,
            "{\"spec\":{\"containers\":[{\"ports\":[" + "{},".repeat(999) + "{}]}]}},",
            "{}]}}"),
        new Bulk(
            "one-letter texts",
            objects,
            "{\"spec\":{\"imagePullSecrets\":[" + "\"a\",".repeat(999) + "\"b\"]}},",
            "{}]}}"),
        new Bulk("smallest pods", objects, "{\"meta\":{\"uid\":\"1\",\"name\":\"n\"}},", "{}]}}"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bulks")
  void a_body_as_large_as_allowed_costs_at_most_four_times_its_limit(Bulk bulk) {
    byte[] document = bulk.document();
    long nanos = THREAD.getCurrentThreadCpuTime();
    long before = THREAD.getCurrentThreadAllocatedBytes();
    String outcome;
    try {
      codec.decode(
          ClusterSnapshot.class, new ByteArrayInputStream(document), Limits.HEARTBEAT_BYTES);
      outcome = "taken";
    } catch (DecodingException e) {
      outcome = e.getMessage();
    }
    long bytes = THREAD.getCurrentThreadAllocatedBytes() - before;
    nanos = THREAD.getCurrentThreadCpuTime() - nanos;
    if (LONG_RUN) {
      System.out.printf(
          "%-22s %5.0f ms %4d MB %s%n", bulk.name(), nanos / 1e6, bytes >> 20, outcome);
    }
    assertThat(bytes).isLessThan(4 * Limits.HEARTBEAT_BYTES);
  }

  @Test
  void a_gzip_bomb_ends_at_the_limit() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write("{\"bootId\":\"".getBytes(UTF_8));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 64; i++) {
        gzip.write(zeros);
      }
    }
    GZIPInputStream body = new GZIPInputStream(new ByteArrayInputStream(packed.toByteArray()));

    assertThatThrownBy(() -> codec.decode(Heartbeat.class, body, Limits.HEARTBEAT_BYTES))
        .isInstanceOfSatisfying(
            DecodingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BODY_TOO_LARGE))
        .hasMessage("$: a text is longer than its limit of 4194304 bytes");
  }

  @Test
  void a_damaged_gzip_body_is_malformed() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(Golden.of("heartbeat-full").bytes());
    }
    byte[] cut = java.util.Arrays.copyOf(packed.toByteArray(), packed.size() / 2);
    GZIPInputStream body = new GZIPInputStream(new ByteArrayInputStream(cut));

    assertThatThrownBy(() -> codec.decode(Heartbeat.class, body, Limits.HEARTBEAT_BYTES))
        .isInstanceOf(DecodingException.class)
        .hasMessage("$: the compressed body is damaged or cut short");
  }
}
