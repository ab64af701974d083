package cx.niro.app.server;

import cx.niro.app.access.TrustedProxies;
import cx.niro.core.ClusterId;
import cx.niro.core.incident.rules.Thresholds;
import cx.niro.server.jdbc.JdbcStores.Commits;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a server process was told by flags and environment.
 *
 * @param port 0 for any free one
 * @param dataDir null for data in memory, which ends with the process
 * @param postgres where everything but keys and recordings is kept; null for the data folder
 * @param commits when what was written to the data folder counts as done
 * @param publicUrl where agents and browsers reach the server; null when that is not known
 * @param drainTime over how long agents are sent away when the process ends
 * @param trustedProxies whose word counts about where a login comes from
 * @param notifications how notifications are kept and sent
 * @param recorded clusters whose heartbeats are taken down in the data folder
 */
public record ServerSettings(
    String host,
    int port,
    @Nullable Path dataDir,
    @Nullable Postgres postgres,
    Commits commits,
    @Nullable URI publicUrl,
    @Nullable Tls tls,
    Windows windows,
    @Nullable String adminToken,
    Duration drainTime,
    TrustedProxies trustedProxies,
    Notify notifications,
    Set<ClusterId> recorded) {
  private static final int HIGHEST_PORT = 65_535;
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]", Pattern.CASE_INSENSITIVE);

  public ServerSettings {
    recorded = Set.copyOf(recorded);
    if (port < 0 || port > HIGHEST_PORT) {
      throw new IllegalArgumentException(
          "--port (NIRO_PORT) must be 0 to " + HIGHEST_PORT + " but was " + port);
    }
    if (publicUrl != null) {
      checkPublicUrl(publicUrl);
    }
  }

  /** Pages, cookies and links are all made for the root of a host. */
  private static void checkPublicUrl(URI url) {
    boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    boolean root = String.valueOf(url.getRawPath()).matches("/*");
    boolean bare = url.getRawQuery() == null && url.getRawFragment() == null;
    if (!web || url.getHost() == null || url.getRawUserInfo() != null || !root || !bare) {
      throw new IllegalArgumentException(
          "--public-url (NIRO_PUBLIC_URL) must be like https://niro.example.com, without a path,"
              + " for the dashboard needs a host of its own, but was '"
              + url
              + "'");
    }
  }

  /** The same with commits that survive a crash, and no trusted proxies. */
  public ServerSettings(
      String host,
      int port,
      @Nullable Path dataDir,
      @Nullable URI publicUrl,
      @Nullable Tls tls,
      Windows windows,
      @Nullable String adminToken,
      Duration drainTime) {
    this(
        host,
        port,
        dataDir,
        null,
        Commits.SYNCHRONOUS,
        publicUrl,
        tls,
        windows,
        adminToken,
        drainTime,
        TrustedProxies.NONE,
        Notify.DEFAULT,
        Set.of());
  }

  /**
   * How notifications are kept and sent.
   *
   * @param keyFile null for the one in the data folder
   * @param allow targets that may be sent to although they are not public
   */
  public record Notify(@Nullable Path keyFile, List<String> allow) {
    public static final Notify DEFAULT = new Notify(null, List.of());
  }

  /** PEM files of the certificate chain and its key. */
  public record Tls(Path certificate, Path key) {}

  /** What status and incidents are judged by. */
  public record Windows(
      Duration heartbeatInterval,
      Duration unknownAfter,
      Duration offlineAfter,
      Thresholds thresholds) {
    /** The same at the standard thresholds. */
    public Windows(Duration heartbeatInterval, Duration unknownAfter, Duration offlineAfter) {
      this(heartbeatInterval, unknownAfter, offlineAfter, Thresholds.standard());
    }
  }

  Optional<Tls> secure() {
    return Optional.ofNullable(tls);
  }

  /** Whether browsers reach the server by https, directly or through a proxy. */
  boolean isReachedByHttps() {
    return tls != null || (publicUrl != null && "https".equals(publicUrl.getScheme()));
  }

  /** Whether nobody was told an address by which other machines reach it. */
  boolean isForThisMachine() {
    return publicUrl == null || LOOPBACK.matcher(publicUrl.getHost()).matches();
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
        + (postgres == null ? "" : " database=" + postgres)
        + " public-url="
        + (publicUrl == null ? "none" : publicUrl)
        + " tls="
        + (tls == null ? "none" : tls.certificate())
        + " trusted-proxies="
        + trustedProxies
        + " detection-profile="
        + windows.thresholds()
        + (recorded.isEmpty() ? "" : " record=" + recorded)
        + " admin-token="
        + (adminToken == null ? "none" : "set");
  }
}
