package cx.niro.agent.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.agent.spi.LogOutput;
import cx.niro.agent.testkit.FakeKubernetes;
import cx.niro.core.ErrorCode;
import cx.niro.core.NiroException;
import cx.niro.core.protocol.LogRequest;
import io.kubernetes.client.util.Config;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PodLogsTest {
  private static final String POD = "shop/web-0";
  private static final LogRequest ALL =
      new LogRequest("shop", "web-0", null, false, null, false, null);
  private static final LogRequest FOLLOW =
      new LogRequest("shop", "web-0", null, true, null, false, null);

  private final FakeKubernetes fake = FakeKubernetes.start();
  private final Lines lines = new Lines();
  private final AtomicInteger reviews = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final PodLogs logs = logs();

  private PodLogs logs() {
    fake.put(
        "{'kind':'Pod','metadata':{'namespace':'shop','name':'web-0'},'spec':{'containers':[{'name':'nginx'}]}}");
    fake.put(
        "{'kind':'Pod','metadata':{'namespace':'shop','name':'two'},'spec':{'containers':[{'name':'a'},{'name':'b'}]}}");
    try {
      ApiServer server = new ApiServer(Config.fromConfig(new StringReader(fake.kubeconfig())));
      return new PodLogs(server, () -> true, reviews::incrementAndGet);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void stop() {
    fake.close();
    threads.shutdownNow();
  }

  /** Keeps what it is given. */
  private static final class Lines implements LogOutput {
    final BlockingQueue<String> all = new LinkedBlockingQueue<>();
    final List<Runnable> onStop = new ArrayList<>();
    final CountDownLatch stopped = new CountDownLatch(1);

    @Override
    public boolean line(String text) {
      all.add(text);
      return !isStopped();
    }

    @Override
    public boolean isStopped() {
      return stopped.getCount() == 0;
    }

    @Override
    public boolean awaitStop(Duration atMost) {
      return isStopped();
    }

    @Override
    public void onStop(Runnable action) {
      onStop.add(action);
    }

    void stop() {
      stopped.countDown();
      onStop.forEach(Runnable::run);
    }

    String next() throws InterruptedException {
      return all.poll(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void all_lines_of_a_container_are_read() throws Exception {
    fake.log(POD, "nginx", "one");
    fake.log(POD, "nginx", "two");
    fake.logBytes(POD, "nginx", "three\r\nno line feed".getBytes(UTF_8));
    logs.read(ALL, lines);

    assertThat(lines.all).containsExactly("one", "two", "three", "no line feed");
  }

  @Test
  void the_last_lines_and_the_previous_run_can_be_asked_for() throws Exception {
    for (int i = 1; i <= 5; i++) {
      fake.log(POD, "nginx", "line " + i);
    }
    logs.read(new LogRequest("shop", "web-0", "nginx", false, 2, false, 60L), lines);
    assertThat(lines.all).containsExactly("line 4", "line 5");
    assertThat(fake.requests().get(0).query())
        .contains("tailLines=2", "sinceSeconds=60", "container=nginx");

    fake.endLog(POD, "nginx");
    lines.all.clear();
    logs.read(new LogRequest("shop", "web-0", null, false, 1, true, null), lines);
    assertThat(lines.all).containsExactly("line 5");
  }

  @Test
  void new_lines_are_followed_until_the_stream_is_stopped() throws Exception {
    fake.log(POD, "nginx", "before");
    Future<?> reading = threads.submit(() -> read(FOLLOW));
    assertThat(lines.next()).isEqualTo("before");
    fake.log(POD, "nginx", "after");
    assertThat(lines.next()).isEqualTo("after");

    lines.stop();
    reading.get(30, TimeUnit.SECONDS);
  }

  private Object read(LogRequest request) {
    try {
      logs.read(request, lines);
      return "ended";
    } catch (IOException e) {
      return e;
    }
  }

  @Test
  void a_container_that_ends_ends_the_log_and_a_cut_connection_breaks_it_off() throws Exception {
    fake.log(POD, "nginx", "one");
    Future<?> cut = threads.submit(() -> read(FOLLOW));
    lines.next();
    fake.breakConnections();
    assertThat(cut.get(30, TimeUnit.SECONDS)).isInstanceOf(IOException.class);

    Future<?> ended = threads.submit(() -> read(FOLLOW));
    lines.next();
    fake.endLog(POD, "nginx");
    assertThat(ended.get(30, TimeUnit.SECONDS)).isEqualTo("ended");
  }

  @Test
  void what_the_api_server_refuses_is_said_in_its_words() {
    refused("gone", null, ErrorCode.NOT_FOUND, "pods \"gone\" not found");
    refused(
        "two",
        null,
        ErrorCode.INVALID_FIELD,
        "a container name must be specified for pod two, choose one of: [a, b]");
    refused("two", "c", ErrorCode.INVALID_FIELD, "container c is not valid for pod two");
    assertThat(reviews).hasValue(0);
    fake.forbid("get", "pods/log");
    assertThatThrownBy(() -> logs.read(ALL, lines))
        .isInstanceOfSatisfying(
            NiroException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN))
        .hasMessageContaining("cannot get resource \"pods/log\"");
    assertThat(reviews).hasValue(1);
  }

  @Test
  void no_name_leads_to_another_path() {
    for (String name : List.of("..", ".", "a..", "A", "x".repeat(254), "-a")) {
      refused(
          name,
          null,
          ErrorCode.INVALID_FIELD,
          "pod must be a name of Kubernetes, but was '" + name + "'");
    }
    assertThat(fake.requests()).isEmpty();
  }

  private void refused(String pod, String container, ErrorCode code, String message) {
    assertThatThrownBy(
            () ->
                logs.read(new LogRequest("shop", pod, container, false, null, false, null), lines))
        .isInstanceOfSatisfying(NiroException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessage(message);
  }

  @Test
  void a_line_of_a_megabyte_is_cut_and_says_how_long_it_was() throws Exception {
    fake.log(POD, "nginx", "é".repeat(500_000));
    fake.log(POD, "nginx", "next");
    logs.read(ALL, lines);

    assertThat(lines.next())
        .hasSizeBetween(7_900, 16_384)
        .startsWith("éé")
        .endsWith("é… [cut, the line has 1000000 bytes]");
    assertThat(lines.next()).isEqualTo("next");
  }

  @Test
  void bytes_that_are_no_text_are_replaced() throws Exception {
    byte[] bytes = {'a', (byte) 0xff, (byte) 0xc3, 'b', 0, '\n', '\n', (byte) 0xe2, (byte) 0x82};
    new LogLines(new ByteArrayInputStream(bytes)).copyTo(lines);

    assertThat(lines.all).containsExactly("a\uFFFD\uFFFDb\0", "", "\uFFFD");
  }
}
