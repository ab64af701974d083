package cx.niro.app.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * {@code EurekaMain --class-path FILE [--clusters 500] [--rate 400] [--seconds 10] [--warm-up 30]}:
 * what a check-in without a body costs Eureka, beside our floor, in turns. {@code FILE} holds the
 * class path of {@code src/peer/eureka}, compiled.
 */
public final class EurekaMain {
  private static final int ROUNDS = 5;
  private static final int CONNECTIONS = 4;
  private static final List<String> JAVA = List.of("-Xmx2g");

  private final int clusters;
  private final int rate;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final AtomicInteger next = new AtomicInteger();

  private EurekaMain(Arguments given) {
    this.clusters = given.number("clusters", 500);
    this.rate = given.number("rate", 400);
  }

  public static void main(String[] arguments) throws Exception {
    Arguments given = new Arguments(arguments);
    EurekaMain main = new EurekaMain(given);
    String classPath = Files.readString(Path.of(given.text("class-path", ""))).strip();
    Path folder = Files.createTempDirectory("niro-eureka");
    List<String> floorArguments = List.of(folder.toString(), "1", "1", "1");
    try (Child eureka = Child.start("cx.niro.peer.EurekaPeer", classPath, JAVA, List.of());
        Child floor = Child.start(BenchFloor.class, JAVA, floorArguments)) {
      main.run(given, eureka, floor);
    }
  }

  private void run(Arguments given, Child eureka, Child floor) throws IOException {
    for (int i = 0; i < clusters; i++) {
      register(eureka.address(), i);
    }
    Row peer = new Row("check-in", "Eureka");
    Row empty = new Row("check-in", Report.EMPTY);
    Duration time = Duration.ofSeconds(given.number("seconds", 10));
    Duration warmUp = Duration.ofSeconds(given.number("warm-up", 30));
    for (int i = 0; i <= ROUNDS; i++) {
      Load load = new Load(CONNECTIONS, rate, i == 0 ? warmUp : time);
      round(peer, i, eureka, () -> load.run(lane -> renew(eureka.address())));
      round(empty, i, floor, () -> load.run(lane -> ask(floor.address())));
    }
    Map<String, Object> about = Map.of("clusters", clusters, "rate", rate, "time", time);
    new Report(about, List.of(peer, empty)).table().forEach(System.out::println);
    double ratio = peer.of(Row.Figures::all).median() / empty.of(Row.Figures::all).median();
    System.out.printf("Eureka by the empty handler: %.1f%n", ratio);
  }

  private static void round(Row row, int number, Child child, Supplier<Load.Outcome> load) {
    Row.Figures figures = new Meter(null).measure(child, load);
    if (number > 0) {
      row.rounds().add(figures);
    }
  }

  private void register(URI server, int number) throws IOException {
    String instance =
        """
        {"instance":{"instanceId":"c%1$d","hostName":"h%1$d","app":"NIRO","ipAddr":"127.0.0.1",
        "status":"UP","port":{"$":80,"@enabled":"true"},"dataCenterInfo":{
        "@class":"com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo","name":"MyOwn"}}}"""
            .formatted(number);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve("/eureka/apps/NIRO"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(instance));
    if (!send(request)) {
      throw new IOException("Eureka refused an instance");
    }
  }

  private boolean renew(URI server) throws IOException {
    String path = "/eureka/apps/NIRO/c" + next.incrementAndGet() % clusters + "?status=UP";
    return send(HttpRequest.newBuilder(server.resolve(path)).PUT(BodyPublishers.noBody()));
  }

  private boolean ask(URI server) throws IOException {
    URI empty = server.resolve(FloorHandler.EMPTY);
    return send(HttpRequest.newBuilder(empty).PUT(BodyPublishers.noBody()));
  }

  private boolean send(HttpRequest.Builder request) throws IOException {
    try {
      return http.send(request.build(), BodyHandlers.discarding()).statusCode() / 100 == 2;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
