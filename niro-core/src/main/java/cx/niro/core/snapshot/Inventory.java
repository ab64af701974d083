package cx.niro.core.snapshot;

import java.util.List;

/** Objects by kind: all of a cluster in a snapshot, the added and changed ones in a delta. */
public record Inventory(
    List<Node> nodes,
    List<Pod> pods,
    List<Workload> workloads,
    List<WarningEvent> events,
    List<PersistentVolumeClaim> persistentVolumeClaims,
    List<ServiceAccount> serviceAccounts,
    List<Autoscaler> autoscalers) {

  public static final Inventory EMPTY =
      new Inventory(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

  public Inventory {
    nodes = Copy.list(nodes);
    pods = Copy.list(pods);
    workloads = Copy.list(workloads);
    events = Copy.list(events);
    persistentVolumeClaims = Copy.list(persistentVolumeClaims);
    serviceAccounts = Copy.list(serviceAccounts);
    autoscalers = Copy.list(autoscalers);
  }

  /**
   * The objects of one section; empty for {@link Section#METRICS}, which holds figures and no
   * objects.
   */
  public List<? extends Resource> of(Section section) {
    return switch (section) {
      case NODES -> nodes;
      case PODS -> pods;
      case WORKLOADS -> workloads;
      case EVENTS -> events;
      case PERSISTENT_VOLUME_CLAIMS -> persistentVolumeClaims;
      case SERVICE_ACCOUNTS -> serviceAccounts;
      case AUTOSCALERS -> autoscalers;
      case METRICS -> List.of();
    };
  }
}
