package cx.niro.app.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Some servers in processes of their own behind a balancer, over one PostgreSQL that each reaches
 * by a wire of its own.
 */
final class Replicas implements AutoCloseable {
  static final int COUNT = 3;

  private final BenchPostgres postgres;
  private final List<Wire> wires = new ArrayList<>();
  private final List<ServerProcess> servers = new ArrayList<>();
  private final List<PlainClient> clients = new ArrayList<>();
  private final Balancer balancer;

  /**
   * @param config of PostgreSQL
   * @param arguments for each {@code niro server}
   */
  Replicas(Path folder, Map<String, String> config, List<String> arguments) {
    Path key = secretsKey(folder);
    postgres = new BenchPostgres(folder, config);
    for (int i = 0; i < COUNT; i++) {
      Wire wire = new Wire(postgres::port);
      List<String> all = new ArrayList<>(arguments);
      all.addAll(List.of("--database-url", BenchPostgres.url(wire.port())));
      all.addAll(List.of("--database-user", BenchPostgres.USER));
      all.addAll(List.of("--secrets-key-file", key.toString()));
      ServerProcess server = new ServerProcess(folderOf(folder, i), all);
      wires.add(wire);
      servers.add(server);
      clients.add(new PlainClient(server.uri()));
    }
    balancer = new Balancer(servers.stream().map(ServerProcess::uri).toList());
  }

  private static Path secretsKey(Path folder) {
    try {
      String key = Base64.getEncoder().encodeToString(new byte[32]);
      return Files.writeString(folder.resolve("secrets.key"), key + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folderOf(Path folder, int replica) {
    try {
      return Files.createDirectories(folder.resolve("replica-" + replica));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts all of them; returns when the balancer sends clients to each. */
  void start() {
    servers.forEach(ServerProcess::spawn);
    awaitAll();
  }

  void awaitAll() {
    for (int i = 0; i < COUNT; i++) {
      servers.get(i).awaitReady();
      int replica = i;
      BenchFleet.await(
          "replica " + i + " behind the balancer",
          Duration.ofMinutes(2),
          () -> balancer.isAlive(replica));
    }
  }

  /** Where clients and agents go. */
  URI uri() {
    return balancer.uri();
  }

  BenchPostgres postgres() {
    return postgres;
  }

  ServerProcess server(int replica) {
    return servers.get(replica);
  }

  /** Between that server and the database. */
  Wire wire(int replica) {
    return wires.get(replica);
  }

  List<Wire> wires() {
    return wires;
  }

  /** Leads to that server past the balancer. */
  PlainClient client(int replica) {
    return clients.get(replica);
  }

  List<PlainClient> clients() {
    return clients;
  }

  @Override
  public void close() {
    balancer.close();
    servers.forEach(ServerProcess::kill);
    wires.forEach(Wire::close);
    postgres.close();
  }
}
