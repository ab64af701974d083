package cx.niro.agent.kubernetes;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import cx.niro.core.CommandId;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The agent's own Deployment as it was read.
 *
 * @param tree the whole object
 */
record AgentDeployment(Json tree) {
  static final String NAME = "niro-agent";
  private static final String CONTAINER = "agent";
  private static final String NOTE = "niro.cx/self-update";
  private static final int IMAGE_CHARS = 1024;
  private static final int NOTE_CHARS = 4096;

  /**
   * What a command left on the Deployment, so that the agent's next pod can go on.
   *
   * @param command that wrote it
   * @param before the image that it found
   * @param failed why that image was restored; null as long as it was not
   */
  record Note(CommandId command, String before, @Nullable String failed) {
    private JsonObject json() {
      JsonObject json = new JsonObject();
      json.addProperty("command", command.value());
      json.addProperty("before", before);
      json.addProperty("failed", failed);
      return json;
    }

    private static @Nullable Note of(String text) {
      try {
        Json json = Json.of(JsonParser.parseString(text));
        String before = json.text("before", IMAGE_CHARS);
        return before == null
            ? null
            : new Note(
                new CommandId(json.name("command")), before, json.text("failed", NOTE_CHARS));
      } catch (JsonParseException | IllegalArgumentException e) {
        return null;
      }
    }
  }

  static String path(String namespace) {
    return "/apis/apps/v1/namespaces/" + namespace + "/deployments/" + NAME;
  }

  /**
   * The image of the agent's container.
   *
   * @throws IOException when there is no such container
   */
  String image() throws IOException {
    for (JsonElement one : containers()) {
      String image = Json.of(one).text("image", IMAGE_CHARS);
      if (CONTAINER.equals(Json.of(one).text("name")) && image != null) {
        return image;
      }
    }
    throw new IOException("the Deployment " + NAME + " has no container " + CONTAINER);
  }

  /** What the newest command left; empty before the first. */
  Optional<Note> note() {
    String text = tree.child("metadata").child("annotations").text(NOTE, NOTE_CHARS);
    return Optional.ofNullable(text == null ? null : Note.of(text));
  }

  /** The newest image that is known to have run. */
  String lastGood() throws IOException {
    String image = image();
    boolean runs = Rollout.of(tree).step() == Rollout.Step.DONE;
    return runs ? image : note().map(Note::before).orElse(image);
  }

  /** The change to another image; it fails when the Deployment has been changed meanwhile. */
  ApiRequest to(String namespace, String image, Note note) {
    JsonArray containers = new JsonArray();
    for (JsonElement one : containers()) {
      JsonElement copy = one.deepCopy();
      if (CONTAINER.equals(Json.of(copy).text("name"))) {
        copy.getAsJsonObject().addProperty("image", image);
      }
      containers.add(copy);
    }
    JsonObject annotations = new JsonObject();
    annotations.addProperty(NOTE, note.json().toString());
    JsonObject metadata = new JsonObject();
    metadata.addProperty(
        "resourceVersion", tree.child("metadata").text("resourceVersion", NOTE_CHARS));
    metadata.add("annotations", annotations);
    JsonObject patch = new JsonObject();
    patch.add("metadata", metadata);
    patch.add("spec", in("template", in("spec", in("containers", containers))));
    return ApiRequest.mergePatch(path(namespace), patch);
  }

  private static JsonObject in(String member, JsonElement value) {
    JsonObject object = new JsonObject();
    object.add(member, value);
    return object;
  }

  private JsonArray containers() {
    JsonElement containers =
        tree.child("spec").child("template").child("spec").tree().get("containers");
    return containers != null && containers.isJsonArray()
        ? containers.getAsJsonArray()
        : new JsonArray();
  }
}
