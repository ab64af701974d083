package cx.niro.agent.scenario.day;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import cx.niro.core.testkit.DetectionRun;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** JSON as an API server writes it. */
final class Tree {
  private Tree() {}

  /** An object from names and values in turn; what is null is left out. */
  static JsonObject of(Object... namesAndValues) {
    JsonObject tree = new JsonObject();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (namesAndValues[i + 1] != null) {
        tree.add((String) namesAndValues[i], json(namesAndValues[i + 1]));
      }
    }
    return tree;
  }

  static JsonArray list(Object... values) {
    JsonArray list = new JsonArray();
    for (Object value : values) {
      list.add(json(value));
    }
    return list;
  }

  /** In whole seconds, by the cluster's clock. */
  static String time(Instant at) {
    return at == null
        ? null
        : Instant.ofEpochMilli(DetectionRun.clusterMillis(at))
            .truncatedTo(ChronoUnit.SECONDS)
            .toString();
  }

  static JsonObject condition(
      String type, boolean holds, Instant since, String reason, String message) {
    return condition(type, holds ? "True" : "False", since, reason, message);
  }

  static JsonObject condition(
      String type, String status, Instant since, String reason, String message) {
    return of(
        "type",
        type,
        "status",
        status,
        "lastTransitionTime",
        time(since),
        "reason",
        reason,
        "message",
        message);
  }

  private static JsonElement json(Object value) {
    if (value instanceof JsonElement element) {
      return element;
    }
    if (value instanceof Number number) {
      return new JsonPrimitive(number);
    }
    if (value instanceof Boolean flag) {
      return new JsonPrimitive(flag);
    }
    return value instanceof List<?> many ? list(many.toArray()) : new JsonPrimitive((String) value);
  }
}
