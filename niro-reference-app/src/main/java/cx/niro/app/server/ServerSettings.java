package cx.niro.app.server;

import cx.niro.server.jdbc.JdbcStores.Commits;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a server process was told by flags and environment.
 *
 * @param port 0 for any free one
 * @param dataDir null for data in memory, which ends with the process
 * @param commits when what was written to the data folder counts as done
 * @param publicUrl where agents and browsers reach the server; null when that is not known
 * @param drainTime over how long agents are sent away when the process ends
 */
public record ServerSettings(
    String host,
    int port,
    @Nullable Path dataDir,
    Commits commits,
    @Nullable URI publicUrl,
    @Nullable Tls tls,
    Windows windows,
    @Nullable String adminToken,
    Duration drainTime) {

  /** The same with commits that survive a crash. */
  public ServerSettings(
      String host,
      int port,
      @Nullable Path dataDir,
      @Nullable URI publicUrl,
      @Nullable Tls tls,
      Windows windows,
      @Nullable String adminToken,
      Duration drainTime) {
    this(host, port, dataDir, Commits.SYNCHRONOUS, publicUrl, tls, windows, adminToken, drainTime);
  }

  /** PEM files of the certificate chain and its key. */
  public record Tls(Path certificate, Path key) {}

  /** The times that status is judged by. */
  public record Windows(Duration heartbeatInterval, Duration unknownAfter, Duration offlineAfter) {}

  Optional<Tls> secure() {
    return Optional.ofNullable(tls);
  }

  /** Whether browsers reach the server by https, directly or through a proxy. */
  boolean isReachedByHttps() {
    return tls != null || (publicUrl != null && "https".equals(publicUrl.getScheme()));
  }

  /** The effective values, without secrets. */
  @Override
  public String toString() {
    return "host="
        + host
        + " port="
        + port
        + " data-dir="
        + (dataDir == null ? "none, in memory" : dataDir.toAbsolutePath() + " commits=" + commits)
        + " public-url="
        + (publicUrl == null ? "none" : publicUrl)
        + " tls="
        + (tls == null ? "none" : tls.certificate())
        + " admin-token="
        + (adminToken == null ? "none" : "set");
  }
}
