package cx.niro.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.server.NiroServer;
import cx.niro.server.blackbox.ApiDocument;
import cx.niro.server.memory.MemoryStores;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DocumentedRoutesTest {
  @Test
  void every_route_is_documented_and_every_documented_operation_has_a_route() throws IOException {
    Set<String> documented;
    try (InputStream in = NiroHandler.class.getResourceAsStream("openapi.yaml")) {
      documented =
          ApiDocument.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8))
              .operations()
              .stream()
              .map(ApiDocument.Operation::toString)
              .collect(Collectors.toSet());
    }
    try (NiroServer server = NiroServer.builder(MemoryStores.create()).build();
        NiroHandler handler = NiroHandler.builder(server).build()) {
      Set<String> routed =
          handler.routes().stream()
              .map(route -> route.method() + " " + route.template())
              .collect(Collectors.toSet());

      assertThat(routed).isEqualTo(documented);
    }
  }
}
