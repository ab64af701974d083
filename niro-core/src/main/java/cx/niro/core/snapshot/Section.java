package cx.niro.core.snapshot;

/** The parts of a snapshot that can each be complete, partial, failed or switched off. */
public enum Section {
  NODES("nodes"),
  PODS("pods"),
  WORKLOADS("workloads"),
  EVENTS("events"),
  PERSISTENT_VOLUME_CLAIMS("persistentVolumeClaims"),
  SERVICE_ACCOUNTS("serviceAccounts"),
  AUTOSCALERS("autoscalers"),
  METRICS("metrics");

  private final String wireName;

  Section(String wireName) {
    this.wireName = wireName;
  }

  /** The name on the wire, for example {@code persistentVolumeClaims}. */
  public String wireName() {
    return wireName;
  }
}
