package cx.niro.server.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.server.memory.MemoryStores;
import cx.niro.server.spi.Stores;
import cx.niro.server.testkit.Wire;
import cx.niro.server.testkit.Wire.Answer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server, a client, and the few requests that every test begins with. */
abstract class Scene {
  static final String OWNER = Booted.OWNER;

  Booted server;
  Wire wire;

  /** Empty ones. */
  Stores stores() {
    return MemoryStores.create();
  }

  @BeforeEach
  void boot() throws Exception {
    server = Booted.over(stores());
    wire = new Wire(server.uri());
  }

  @AfterEach
  void shutDown() throws Exception {
    server.close();
  }

  /** A cluster just made, with its enrollment token. */
  record Cluster(String id, String token) {
    String path(String rest) {
      return "/api/v1/clusters/" + id + rest;
    }
  }

  /** A cluster whose agent has a key. */
  record Enrolled(String id, String key) {
    String path(String rest) {
      return "/api/v1/clusters/" + id + rest;
    }
  }

  Cluster newCluster(String name) {
    Answer made = wire.post("/api/v1/clusters", OWNER, "{\"name\":\"" + name + "\"}");
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    return new Cluster(made.text("/cluster/id"), made.text("/enrollment/token"));
  }

  Enrolled enrolledCluster(String name) {
    Cluster cluster = newCluster(name);
    Answer enrolled = enroll(cluster.token(), "request-0000000000000001", "uid-of-" + name);
    assertThat(enrolled.status()).as(enrolled.body()).isEqualTo(200);
    Enrolled agent = new Enrolled(cluster.id(), enrolled.text("/agentKey"));
    assertThat(beat(agent, "boot-1", 1).status()).isEqualTo(200);
    return agent;
  }

  Answer enroll(String token, String requestId, String kubeSystemUid) {
    return wire.post(
        "/agent/v1/enroll",
        "",
        """
        {"token":"%s","requestId":"%s","kubeSystemUid":"%s","kubernetesVersion":"v1.34.1+k3s1",
         "distribution":"k3s","agentVersion":"0.1.0","protocolVersions":[1],"features":[]}
        """
            .formatted(token, requestId, kubeSystemUid));
  }

  static String fullBeat(String bootId, int sequence, String objects) {
    return """
        {"bootId":"%s","sequence":%d,"timing":{"sentAt":1767600000000},
         "content":{"form":"full","revision":1,"snapshot":{
           "info":{"agentVersion":"0.1.0","kubernetesVersion":"v1.34.1+k3s1","distribution":"k3s",
                   "capabilities":["pods","acme.reboot"]},
           "sections":{"nodes":{"state":"complete"},"pods":{"state":"complete"},"events":{"state":"complete"}},
           "objects":%s}}}
        """
        .formatted(bootId, sequence, objects);
  }

  Answer beat(Enrolled agent, String bootId, int sequence) {
    String sentAt = "\"sentAt\":" + server.now().toEpochMilli();
    String beat = fullBeat(bootId, sequence, "{}").replaceFirst("\"sentAt\":\\d+", sentAt);
    return wire.post("/agent/v1/heartbeat", agent.key(), beat);
  }

  String status(String cluster) {
    return wire.get("/api/v1/clusters/" + cluster, OWNER).text("/status");
  }

  /** Waits for what another thread does, never for time that a test could move. */
  static void eventually(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it did not happen within 10 s").isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }
}
