package cx.niro.app.bench;

/** What is kept applied while drift is looked for. */
final class DriftObjects {
  static final int COUNT = 10;

  static final String YAML =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 2
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            containers:
              - name: web
                image: registry.example.com/web:1
                resources: {requests: {cpu: "0.5", memory: 64Mi}}
                readinessProbe: {httpGet: {path: /, port: 80}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: worker, annotations: {team: blue}}
      spec:
        selector: {matchLabels: {app: worker}}
        template:
          metadata: {labels: {app: worker}}
          spec:
            containers: [{name: worker, image: "registry.example.com/worker:1"}]
      ---
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: web}
      spec:
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
        minReplicas: 2
        maxReplicas: 10
        metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {selector: {app: web}, ports: [{port: 80}]}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c-1, annotations: {team: blue}}
      data: {color: blue}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c-2}
      data: {color: blue}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c-3}
      data: {color: blue}
      ---
      apiVersion: v1
      kind: ServiceAccount
      metadata: {name: web}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: web}
      stringData: {password: not-a-real-one}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web}
      spec: {podSelector: {matchLabels: {app: web}}}
      """;

  private DriftObjects() {}

  static String namespace(String home, String deployment) {
    return home + "-" + deployment;
  }
}
