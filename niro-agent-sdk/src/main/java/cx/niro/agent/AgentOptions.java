package cx.niro.agent;

import cx.niro.agent.spi.CommandHandler;
import cx.niro.agent.spi.InventorySource;
import cx.niro.agent.spi.KeyStore;
import cx.niro.agent.spi.LogSource;
import cx.niro.agent.spi.Observation;
import cx.niro.core.Credential;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be set on a {@link NiroAgent}; immutable. Interval, poll wait and slots are
 * not here: the server sets them.
 */
public final class AgentOptions {
  /** Commands that run at the same time, unless the server asks for fewer. */
  public static final int DEFAULT_WORKERS = 4;

  /** The most workers an agent may have. */
  public static final int MAX_WORKERS = 64;

  /** The agent version that is reported unless one is set. */
  public static final String DEFAULT_AGENT_VERSION = "0.1.0";

  private static final Pattern KIND = Pattern.compile("[a-z][A-Za-z0-9_.-]{0,62}");
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final URI serverUrl;
  private final Builder made;

  private AgentOptions(URI serverUrl, Builder made) {
    this.serverUrl = serverUrl;
    this.made = made;
  }

  /**
   * Options for an agent of the server at {@code serverUrl}, for example {@code
   * https://niro.example.com}.
   */
  public static Builder builder(String serverUrl) {
    return new Builder(serverUrl);
  }

  /** The same options, open for changes. */
  public Builder toBuilder() {
    return new Builder(made);
  }

  public URI serverUrl() {
    return serverUrl;
  }

  public Optional<Credential> token() {
    return Optional.ofNullable(made.token);
  }

  public KeyStore keyStore() {
    return made.keyStore;
  }

  public InventorySource inventory() {
    return made.inventory;
  }

  public List<CommandHandler> commandHandlers() {
    return made.commandHandlers;
  }

  /** Empty when the agent offers no logs. */
  public Optional<LogSource> logSource() {
    return Optional.ofNullable(made.logSource);
  }

  public AgentListener listener() {
    return made.listener;
  }

  public String agentVersion() {
    return made.agentVersion;
  }

  public int workers() {
    return made.workers;
  }

  public boolean allowHttp() {
    return made.allowHttp;
  }

  public boolean http2PriorKnowledge() {
    return made.http2PriorKnowledge;
  }

  /** The URL of the proxy, empty to go straight to the server. */
  public Optional<String> proxy() {
    return Optional.ofNullable(made.proxy).filter(url -> !url.isBlank());
  }

  public String noProxy() {
    return made.noProxy;
  }

  public Optional<Path> caBundle() {
    return Optional.ofNullable(made.caBundle);
  }

  /** Empty when the agent makes its own. */
  public Optional<AgentResources> resources() {
    return Optional.ofNullable(made.resources);
  }

  /** The effective values, for a log; no secret. */
  @Override
  public String toString() {
    String proxyHost = proxy().map(url -> url.replaceFirst("//[^@/]*@", "//")).orElse("none");
    return "serverUrl="
        + serverUrl
        + " token="
        + (made.token == null ? "none" : made.token)
        + " keyStore="
        + made.keyStore.getClass().getSimpleName()
        + " agentVersion="
        + made.agentVersion
        + " commandKinds="
        + made.commandHandlers.stream().map(CommandHandler::kind).toList()
        + " workers="
        + made.workers
        + " proxy="
        + proxyHost
        + " caBundle="
        + (made.caBundle == null ? "none" : made.caBundle)
        + " http2PriorKnowledge="
        + made.http2PriorKnowledge;
  }

  /** Collects options; what is not set has its default. */
  public static final class Builder {
    private final String serverUrl;
    private @Nullable Credential token;
    private KeyStore keyStore = KeyStores.inMemory();
    private InventorySource inventory = () -> Observation.EMPTY;
    private List<CommandHandler> commandHandlers = List.of();
    private @Nullable LogSource logSource;
    private AgentListener listener = new AgentListener() {};
    private String agentVersion = DEFAULT_AGENT_VERSION;
    private int workers = DEFAULT_WORKERS;
    private boolean allowHttp;
    private boolean http2PriorKnowledge;
    private @Nullable String proxy;
    private String noProxy = "";
    private @Nullable Path caBundle;
    private @Nullable AgentResources resources;

    private Builder(String serverUrl) {
      this.serverUrl = Objects.requireNonNull(serverUrl, "serverUrl");
      environment(System.getenv());
    }

    private Builder(Builder other) {
      serverUrl = other.serverUrl;
      token = other.token;
      keyStore = other.keyStore;
      inventory = other.inventory;
      commandHandlers = List.copyOf(other.commandHandlers);
      logSource = other.logSource;
      listener = other.listener;
      agentVersion = other.agentVersion;
      workers = other.workers;
      allowHttp = other.allowHttp;
      http2PriorKnowledge = other.http2PriorKnowledge;
      proxy = other.proxy;
      noProxy = other.noProxy;
      caBundle = other.caBundle;
      resources = other.resources;
    }

    /**
     * The single-use enrollment token. A token that was not tried before wins over a stored key;
     * null or blank for none.
     *
     * @throws cx.niro.core.InvalidRequestException when it is incomplete or mistyped
     */
    public Builder token(@Nullable String text) {
      token =
          text == null || text.isBlank()
              ? null
              : Credential.parse(Credential.Kind.ENROLLMENT_TOKEN, text);
      return this;
    }

    /** Where the identity is kept; in memory by default, so that every start enrolls anew. */
    public Builder keyStore(KeyStore store) {
      keyStore = Objects.requireNonNull(store, "store");
      return this;
    }

    /** Where the inventory comes from; by default there is none and beats only say "alive". */
    public Builder inventory(InventorySource source) {
      inventory = Objects.requireNonNull(source, "source");
      return this;
    }

    /** Adds a handler; one for each kind. */
    public Builder commandHandler(CommandHandler handler) {
      List<CommandHandler> more = new ArrayList<>(commandHandlers);
      more.add(Objects.requireNonNull(handler, "handler"));
      commandHandlers = List.copyOf(more);
      return this;
    }

    /** Where log lines come from; by default there are none, and {@code logs} is not offered. */
    public Builder logSource(LogSource source) {
      logSource = Objects.requireNonNull(source, "source");
      return this;
    }

    public Builder listener(AgentListener heard) {
      listener = Objects.requireNonNull(heard, "heard");
      return this;
    }

    public Builder agentVersion(String version) {
      agentVersion = Objects.requireNonNull(version, "version");
      return this;
    }

    /**
     * Commands that run at the same time: 1 to {@value #MAX_WORKERS}, {@value #DEFAULT_WORKERS}.
     */
    public Builder workers(int count) {
      workers = count;
      return this;
    }

    /** Whether {@code http://} is allowed to hosts other than this one; it sends keys in clear. */
    public Builder allowHttp(boolean allowed) {
      allowHttp = allowed;
      return this;
    }

    /** Speaks HTTP/2 over {@code http://} without asking first; false by default. */
    public Builder http2PriorKnowledge(boolean on) {
      http2PriorKnowledge = on;
      return this;
    }

    /**
     * {@code http://[user:password@]host:port}; null or blank for none. The default is the
     * environment's {@code HTTPS_PROXY}, or {@code HTTP_PROXY} for a server with {@code http://}.
     */
    public Builder proxy(@Nullable String url) {
      proxy = url;
      return this;
    }

    /**
     * Hosts that are reached without the proxy, separated by commas: names with everything below
     * them, addresses, networks as {@code 10.0.0.0/8}, or {@code *}. The default is the
     * environment's {@code NO_PROXY}.
     */
    public Builder noProxy(String hosts) {
      noProxy = Objects.requireNonNull(hosts, "hosts");
      return this;
    }

    /** A PEM file of authorities that are trusted besides the system's own. */
    public Builder caBundle(@Nullable Path file) {
      caBundle = file;
      return this;
    }

    /** Threads, clocks and randomness to use; the agent does not close them. */
    public Builder resources(AgentResources given) {
      resources = Objects.requireNonNull(given, "given");
      return this;
    }

    private void environment(Map<String, String> env) {
      boolean plain = serverUrl.startsWith("http://");
      String name = plain ? "HTTP_PROXY" : "HTTPS_PROXY";
      proxy = env.getOrDefault(name, env.get(plain ? "http_proxy" : "https_proxy"));
      noProxy = env.getOrDefault("NO_PROXY", env.getOrDefault("no_proxy", ""));
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException naming the option, its value and what is allowed
     */
    public AgentOptions build() {
      if (workers < 1 || workers > MAX_WORKERS) {
        throw new IllegalArgumentException(
            "workers must be 1 to " + MAX_WORKERS + ", but was " + workers);
      }
      Set<String> kinds = new HashSet<>();
      for (CommandHandler handler : commandHandlers) {
        if (!KIND.matcher(handler.kind()).matches() || !kinds.add(handler.kind())) {
          throw new IllegalArgumentException(
              "commandHandler kinds must differ and match " + KIND + ", but was " + handler.kind());
        }
      }
      return new AgentOptions(checkedUrl(), new Builder(this));
    }

    private URI checkedUrl() {
      URI url = URI.create(serverUrl.strip().replaceFirst("/+$", ""));
      String scheme = String.valueOf(url.getScheme());
      if (!Set.of("https", "http").contains(scheme) || url.getHost() == null) {
        throw new IllegalArgumentException(
            "serverUrl must be https://host[:port][/path], but was " + serverUrl);
      }
      if (scheme.equals("http") && !allowHttp && !LOOPBACK.contains(url.getHost())) {
        throw new IllegalArgumentException(
            "serverUrl must start with https://, because keys would travel in clear, but was "
                + serverUrl
                + "; allowHttp(true) permits it");
      }
      return url;
    }

    /** Builds the options, makes the agent and starts it. */
    public NiroAgent start() {
      NiroAgent agent = NiroAgent.of(build());
      agent.start();
      return agent;
    }
  }
}
