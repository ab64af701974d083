package cx.niro.server;

import cx.niro.core.incident.rules.Thresholds;
import cx.niro.core.protocol.AgentSettings;
import cx.niro.core.protocol.Limits;
import cx.niro.core.protocol.Protocol;
import cx.niro.server.notify.AllowedTargets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a server behaves; immutable. {@link Builder} says what each option means. Every option has a
 * default, which is a constant here, and the effective values are logged once when the server
 * starts.
 */
public final class ServerOptions {
  public static final Duration DEFAULT_UNKNOWN_AFTER = Duration.ofSeconds(65);
  public static final Duration DEFAULT_OFFLINE_AFTER = Duration.ofSeconds(150);
  public static final Duration DEFAULT_TOKEN_LIFETIME = Duration.ofHours(1);
  public static final Duration DEFAULT_KEY_ROTATION_AGE = Duration.ofDays(90);
  public static final Duration DEFAULT_TIMELINE_RETENTION = Duration.ofDays(30);
  public static final Duration DEFAULT_COMMAND_RETENTION = Duration.ofDays(30);
  public static final Duration DEFAULT_INCIDENT_RETENTION = Duration.ofDays(90);
  public static final Duration DEFAULT_AUDIT_RETENTION = Duration.ofDays(365);
  public static final Duration DEFAULT_DRAIN_TIME = Duration.ofSeconds(5);
  public static final int DEFAULT_HEARTBEAT_BURST = 8;
  public static final Set<String> DEFAULT_IDEMPOTENT_KINDS =
      Set.of("ping", "apply", "delete", "diff", "self_update");

  /** All defaults. */
  public static final ServerOptions DEFAULT = builder().build();

  private final Builder values;

  private ServerOptions(Builder values) {
    this.values = values;
  }

  /** Starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Starts from these values. */
  public Builder toBuilder() {
    return values.copy();
  }

  public Duration heartbeatInterval() {
    return values.heartbeatInterval;
  }

  public Duration unknownAfter() {
    return values.unknownAfter;
  }

  public Duration offlineAfter() {
    return values.offlineAfter;
  }

  public Duration pollWait() {
    return values.pollWait;
  }

  public Duration tokenLifetime() {
    return values.tokenLifetime;
  }

  public Duration keyRotationAge() {
    return values.keyRotationAge;
  }

  public Duration timelineRetention() {
    return values.timelineRetention;
  }

  public Duration commandRetention() {
    return values.commandRetention;
  }

  public Duration auditRetention() {
    return values.auditRetention;
  }

  public Duration incidentRetention() {
    return values.incidentRetention;
  }

  public Duration drainTime() {
    return values.drainTime;
  }

  public int heartbeatBurst() {
    return values.heartbeatBurst;
  }

  public long decodingBytes() {
    return values.decodingBytes;
  }

  public long contentCacheBytes() {
    return values.contentCacheBytes;
  }

  public Set<String> idempotentKinds() {
    return values.idempotentKinds;
  }

  public List<String> notifyAllow() {
    return values.notifyAllow;
  }

  public Thresholds thresholds() {
    return values.thresholds;
  }

  /** What every enrollment and heartbeat reply asks of the agent. */
  public AgentSettings agentSettings() {
    return new AgentSettings(
        heartbeatInterval().toMillis(), (int) pollWait().toSeconds(), Protocol.POLL_SLOTS);
  }

  /** Every value, for the log line at start. */
  @Override
  public String toString() {
    return "heartbeatInterval="
        + heartbeatInterval()
        + " unknownAfter="
        + unknownAfter()
        + " offlineAfter="
        + offlineAfter()
        + " pollWait="
        + pollWait()
        + " tokenLifetime="
        + tokenLifetime()
        + " keyRotationAge="
        + keyRotationAge()
        + " timelineRetention="
        + timelineRetention()
        + " commandRetention="
        + commandRetention()
        + " incidentRetention="
        + incidentRetention()
        + " auditRetention="
        + auditRetention()
        + " drainTime="
        + drainTime()
        + " heartbeatBurst="
        + heartbeatBurst()
        + " decodingBytes="
        + decodingBytes()
        + " contentCacheBytes="
        + contentCacheBytes()
        + " idempotentKinds="
        + idempotentKinds()
        + " notifyAllow="
        + notifyAllow()
        + " thresholds="
        + thresholds();
  }

  /** Collects options; {@link #build} checks them. */
  public static final class Builder {
    private Duration heartbeatInterval = Protocol.HEARTBEAT_INTERVAL;
    private Duration unknownAfter = DEFAULT_UNKNOWN_AFTER;
    private Duration offlineAfter = DEFAULT_OFFLINE_AFTER;
    private Duration pollWait = Protocol.POLL_WAIT;
    private Duration tokenLifetime = DEFAULT_TOKEN_LIFETIME;
    private Duration keyRotationAge = DEFAULT_KEY_ROTATION_AGE;
    private Duration timelineRetention = DEFAULT_TIMELINE_RETENTION;
    private Duration commandRetention = DEFAULT_COMMAND_RETENTION;
    private Duration incidentRetention = DEFAULT_INCIDENT_RETENTION;
    private Duration auditRetention = DEFAULT_AUDIT_RETENTION;
    private Duration drainTime = DEFAULT_DRAIN_TIME;
    private int heartbeatBurst = DEFAULT_HEARTBEAT_BURST;
    private long decodingBytes = Limits.DECODING_BYTES;
    private long contentCacheBytes = Runtime.getRuntime().maxMemory() / 8;
    private Set<String> idempotentKinds = new TreeSet<>(DEFAULT_IDEMPOTENT_KINDS);
    private Thresholds thresholds = Thresholds.standard();

    private List<String> notifyAllow = List.of();

    private Builder() {}

    /** How often agents beat; 15 s by default, 1 s to 5 min. */
    public Builder heartbeatInterval(Duration interval) {
      this.heartbeatInterval = interval;
      return this;
    }

    /** Silence that makes a cluster unknown; 65 s by default, a cluster's own setting wins. */
    public Builder unknownAfter(Duration silence) {
      this.unknownAfter = silence;
      return this;
    }

    /**
     * Silence that opens {@code cluster_offline}; 150 s by default, at least the unknown window.
     */
    public Builder offlineAfter(Duration silence) {
      this.offlineAfter = silence;
      return this;
    }

    /** How long a poll is parked; 30 s by default, at most 55 s. */
    public Builder pollWait(Duration wait) {
      this.pollWait = wait;
      return this;
    }

    /** How long an enrollment token works; 1 h by default. */
    public Builder tokenLifetime(Duration lifetime) {
      this.tokenLifetime = lifetime;
      return this;
    }

    /** How old a key gets before its agent is asked to rotate it; 90 days by default. */
    public Builder keyRotationAge(Duration age) {
      this.keyRotationAge = age;
      return this;
    }

    /** How long timelines are kept; 30 days by default. */
    public Builder timelineRetention(Duration retention) {
      this.timelineRetention = retention;
      return this;
    }

    /** How long the audit is kept; 365 days by default. */
    public Builder auditRetention(Duration retention) {
      this.auditRetention = retention;
      return this;
    }

    /**
     * How long finished commands are kept with their results; 30 days by default. An idempotency
     * key is free again after that.
     */
    public Builder commandRetention(Duration retention) {
      this.commandRetention = retention;
      return this;
    }

    /** How long resolved incidents are kept; 90 days by default. */
    public Builder incidentRetention(Duration retention) {
      this.incidentRetention = retention;
      return this;
    }

    /** Over how long agents are spread when the server drains; 5 s by default. */
    public Builder drainTime(Duration time) {
      this.drainTime = time;
      return this;
    }

    /**
     * How many beats a key may send at once; after that one per half interval. 8 by default, so
     * that a resync and a changed grant never meet the limit.
     */
    public Builder heartbeatBurst(int beats) {
      this.heartbeatBurst = beats;
      return this;
    }

    /** Bytes of bodies that may be decoded at a time; 64 MiB by default. */
    public Builder decodingBytes(long bytes) {
      this.decodingBytes = bytes;
      return this;
    }

    /**
     * Bytes of memory, as an estimate, for what clusters reported in a form that answers at once;
     * an eighth of the largest heap by default. Beyond it what changes most often is kept so, and
     * the rest as it was received, in a tenth of the room, to be decoded for each question and
     * change. 0 keeps nothing ready.
     */
    public Builder contentCacheBytes(long bytes) {
      this.contentCacheBytes = bytes;
      return this;
    }

    /**
     * Kinds of commands that may be given to another agent process when the first one is lost, in
     * addition to {@code ping apply delete diff} and to those that an agent declares itself.
     */
    public Builder idempotentKinds(Set<String> kinds) {
      this.idempotentKinds = new TreeSet<>(DEFAULT_IDEMPOTENT_KINDS);
      this.idempotentKinds.addAll(kinds);
      return this;
    }

    /**
     * Hosts, addresses and ranges that notifications may go to although they are not public, for
     * example {@code alertmanager.internal} or {@code 10.1.0.0/16}; to these also without TLS. None
     * by default.
     */
    public Builder notifyAllow(List<String> entries) {
      this.notifyAllow = List.copyOf(entries);
      return this;
    }

    /**
     * The numbers of the standard rules; {@link Thresholds#standard} by default. A detection engine
     * of one's own has its own.
     */
    public Builder thresholds(Thresholds values) {
      this.thresholds = values;
      return this;
    }

    /** Checks every option; an {@link IllegalArgumentException} names the bad one and its range. */
    public ServerOptions build() {
      check("heartbeatInterval", heartbeatInterval, Duration.ofSeconds(1), Duration.ofMinutes(5));
      check("unknownAfter", unknownAfter, Duration.ofSeconds(1), Duration.ofDays(1));
      check("offlineAfter", offlineAfter, unknownAfter, Duration.ofDays(7));
      check("pollWait", pollWait, Duration.ofSeconds(1), Protocol.POLL_WAIT_LIMIT);
      check("tokenLifetime", tokenLifetime, Duration.ofSeconds(1), Duration.ofDays(7));
      check("keyRotationAge", keyRotationAge, Duration.ofMinutes(1), Duration.ofDays(3650));
      check("timelineRetention", timelineRetention, Duration.ofHours(1), Duration.ofDays(3650));
      check("commandRetention", commandRetention, Duration.ofHours(1), Duration.ofDays(3650));
      check("incidentRetention", incidentRetention, Duration.ofHours(1), Duration.ofDays(3650));
      check("auditRetention", auditRetention, Duration.ofHours(1), Duration.ofDays(3650));
      check("drainTime", drainTime, Duration.ZERO, Duration.ofMinutes(1));
      if (heartbeatBurst < 1 || heartbeatBurst > 1000) {
        throw new IllegalArgumentException(
            "heartbeatBurst must be 1 to 1000 but was " + heartbeatBurst);
      }
      if (decodingBytes < Limits.HEARTBEAT_BYTES) {
        throw new IllegalArgumentException(
            "decodingBytes must be at least one beat, "
                + Limits.HEARTBEAT_BYTES
                + ", but was "
                + decodingBytes);
      }
      if (contentCacheBytes < 0) {
        throw new IllegalArgumentException(
            "contentCacheBytes must be 0 or more but was " + contentCacheBytes);
      }
      AllowedTargets.check("notifyAllow", notifyAllow);
      return new ServerOptions(copy());
    }

    private static void check(String name, Duration value, Duration least, Duration most) {
      if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
        throw new IllegalArgumentException(
            name + " must be " + least + " to " + most + " but was " + value);
      }
    }

    private Builder copy() {
      Builder copy = new Builder();
      copy.heartbeatInterval = heartbeatInterval;
      copy.unknownAfter = unknownAfter;
      copy.offlineAfter = offlineAfter;
      copy.pollWait = pollWait;
      copy.tokenLifetime = tokenLifetime;
      copy.keyRotationAge = keyRotationAge;
      copy.timelineRetention = timelineRetention;
      copy.commandRetention = commandRetention;
      copy.incidentRetention = incidentRetention;
      copy.auditRetention = auditRetention;
      copy.drainTime = drainTime;
      copy.heartbeatBurst = heartbeatBurst;
      copy.decodingBytes = decodingBytes;
      copy.contentCacheBytes = contentCacheBytes;
      copy.notifyAllow = notifyAllow;
      copy.thresholds = thresholds;
      copy.idempotentKinds = Collections.unmodifiableSet(new TreeSet<>(idempotentKinds));
      return copy;
    }
  }
}
