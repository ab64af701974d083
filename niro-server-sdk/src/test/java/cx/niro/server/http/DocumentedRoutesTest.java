package cx.niro.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.server.NiroServer;
import cx.niro.server.memory.MemoryStores;
import cx.niro.server.testkit.ApiDocument;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DocumentedRoutesTest {
  @Test
  void every_call_takes_the_parameters_that_are_documented_and_no_other() {
    ApiDocument document = ApiDocument.parse(NiroHandler.openApi());
    try (NiroServer server = NiroServer.builder(MemoryStores.create()).build();
        NiroHandler handler = NiroHandler.builder(server).build()) {
      Map<String, Set<String>> taken =
          handler.routes().stream()
              .collect(
                  Collectors.toMap(
                      route -> route.method() + " " + route.template(), Route::parameters));

      for (ApiDocument.Operation operation : document.operations()) {
        assertThat(taken.get(operation.toString()))
            .as(operation.toString())
            .isEqualTo(document.query(operation));
      }
    }
  }

  @Test
  void every_route_is_documented_and_every_documented_operation_has_a_route() {
    Set<String> documented =
        ApiDocument.parse(NiroHandler.openApi()).operations().stream()
            .map(ApiDocument.Operation::toString)
            .collect(Collectors.toSet());
    try (NiroServer server = NiroServer.builder(MemoryStores.create()).build();
        NiroHandler handler = NiroHandler.builder(server).build()) {
      Set<String> routed =
          handler.routes().stream()
              .filter(route -> !route.template().startsWith("/replica/"))
              .map(route -> route.method() + " " + route.template())
              .collect(Collectors.toSet());

      assertThat(routed).isEqualTo(documented);
    }
  }
}
