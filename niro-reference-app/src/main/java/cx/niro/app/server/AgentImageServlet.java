package cx.niro.app.server;

import cx.niro.app.Transfer;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the agent's image to nodes that reach no registry: the file {@code agent-image.tar} of
 * the data folder, looked for at each request. 404 while it is not there, upon which the installer
 * pulls the image instead.
 */
final class AgentImageServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable Path tar;

  AgentImageServlet(@Nullable Path dataDir) {
    this.tar = dataDir == null ? null : dataDir.resolve("agent-image.tar");
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (tar == null || !Files.isRegularFile(tar)) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
      return;
    }
    response.setContentType("application/x-tar");
    response.setContentLengthLong(Files.size(tar));
    Transfer.send(request, response, Files.newInputStream(tar));
  }
}
