package cx.niro.server.http;

import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.RetryLaterException;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.server.internal.rest.HealthJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What needs no login: probes, the installer, and the description of the API. */
final class PublicRoutes {
  static final String OPEN_API = resource("openapi.yaml");

  private final NiroCodec codec;
  private final BooleanSupplier ready;
  private final Installer installer;
  private final String openApi;

  PublicRoutes(NiroCodec codec, BooleanSupplier ready, Installer installer, String openApi) {
    this.codec = codec;
    this.ready = ready;
    this.installer = installer;
    this.openApi = openApi;
  }

  List<Route> routes() {
    return List.of(
        Route.open("/healthz", call -> Answers.json(codec, 200, HealthJson.OK)),
        Route.open("/readyz", call -> readiness()),
        Route.open("/openapi.yaml", call -> Answers.text("application/yaml", openApi)),
        Route.open("/install.sh", call -> script(installer.installSh(), "text/x-shellscript")),
        Route.open(
            "/install/agent.yaml", call -> script(installer.agentYaml(), "application/yaml")));
  }

  private NiroResponse readiness() {
    if (!ready.getAsBoolean()) {
      throw new RetryLaterException(
          ErrorCode.STARTING_OR_STOPPING, "the server is not taking requests yet or any more");
    }
    return Answers.json(codec, 200, HealthJson.OK);
  }

  private static NiroResponse script(@Nullable String text, String contentType) {
    if (text == null) {
      throw new InvalidRequestException(
          ErrorCode.NOT_FOUND,
          "the server has no public URL set, so it cannot say what to install");
    }
    return Answers.text(contentType, text);
  }

  private static String resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(PublicRoutes.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
