package cx.niro.server.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The OpenAPI document as the server serves it. It holds answers against itself, strictly: a
 * status, a content type or a member that is not documented fails the test.
 */
public final class ApiDocument {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");

  private final ObjectNode document;
  private final List<Operation> operations = new ArrayList<>();
  private final Set<String> covered = ConcurrentHashMap.newKeySet();

  private ApiDocument(ObjectNode document) {
    this.document = document;
    close(document.at("/components/schemas"));
    close(document.at("/paths"));
    document
        .get("paths")
        .fields()
        .forEachRemaining(
            path ->
                METHODS.stream()
                    .filter(path.getValue()::has)
                    .map(method -> new Operation(method.toUpperCase(), path.getKey()))
                    .forEach(operations::add));
  }

  /** Of the text that the server sends. */
  public static ApiDocument parse(String yaml) {
    try {
      return new ApiDocument((ObjectNode) new YAMLMapper().readTree(moved(yaml)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Points where JSON Schema itself looks for definitions. */
  private static String moved(String yaml) {
    return yaml.replace("#/components/schemas/", "#/$defs/schemas/");
  }

  /** Makes objects refuse members that the document does not name. */
  private static void close(JsonNode node) {
    if (node instanceof ObjectNode object
        && object.has("properties")
        && !object.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
    node.forEach(ApiDocument::close);
  }

  public List<Operation> operations() {
    return operations;
  }

  /** A method and a path with its parameters in braces. */
  public record Operation(String method, String path) {
    boolean fits(String method, String actual) {
      String pattern = Pattern.quote(path).replaceAll("\\{[a-z]+}", "\\\\E[^/]+\\\\Q");
      return this.method.equals(method) && actual.matches(pattern);
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  /** The names of the query's parameters, of the operation or of its path. */
  public Set<String> query(Operation operation) {
    Set<String> names = new TreeSet<>();
    for (JsonNode parameter : of(operation).path("parameters")) {
      JsonNode found = resolved(parameter);
      if (found.get("in").asText().equals("query")) {
        names.add(found.get("name").asText());
      }
    }
    return names;
  }

  public JsonNode of(Operation operation) {
    return document.at(
        "/paths/" + operation.path().replace("/", "~1") + "/" + operation.method().toLowerCase());
  }

  /** Statuses that the document has, as {@code GET /path 200}. */
  public Set<String> documented() {
    Set<String> all = new TreeSet<>();
    for (Operation operation : operations) {
      of(operation)
          .get("responses")
          .fieldNames()
          .forEachRemaining(status -> all.add(operation + " " + status));
    }
    return all;
  }

  public Set<String> covered() {
    return covered;
  }

  /** Holds one answer against the document; calls of what it does not know are not judged. */
  public void check(String method, URI uri, Wire.Answer answer) {
    for (Operation operation : operations) {
      if (operation.fits(method, uri.getPath())) {
        check(operation, answer);
        return;
      }
    }
  }

  private void check(Operation operation, Wire.Answer answer) {
    String what = operation + " " + answer.status();
    JsonNode response = resolved(of(operation).at("/responses/" + answer.status()));
    assertThat(response.isMissingNode())
        .as(what + " is not documented: " + answer.body())
        .isFalse();
    covered.add(what);
    if (!response.has("content")) {
      assertThat(answer.body()).as(what).isEmpty();
      return;
    }
    String type = answer.header("content-type").split(";")[0];
    JsonNode content = response.get("content").get(type);
    assertThat(content).as(what + " has content type " + type).isNotNull();
    if (type.endsWith("json")) {
      assertThat(problems(content.get("schema"), answer.json())).as(what).isEmpty();
    }
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
  }

  private List<String> problems(JsonNode schema, JsonNode value) {
    ObjectNode root = JSON.createObjectNode();
    root.set("$defs", document.get("components"));
    root.setAll((ObjectNode) schema);
    SchemaValidatorsConfig config =
        SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
    JsonSchema compiled =
        JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(root, config);
    return compiled.validate(value).stream().map(Object::toString).toList();
  }
}
