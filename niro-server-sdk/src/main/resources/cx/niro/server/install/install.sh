#!/bin/sh
# Installs the Niro agent into the cluster that kubectl, or k3s on this machine, leads to.
# Nothing is done before everything has been checked; running it again changes only what differs.
#
#   NIRO_SERVER              the Niro server, as the cluster reaches it
#   NIRO_TOKEN               the enrollment token; not needed to change an installed agent
#   NIRO_CONTEXT             the kubectl context to use; "k3s" means the k3s of this machine
#   NIRO_ENABLE_PODS         1 (default) or 0: read pods, workloads, events
#   NIRO_ENABLE_LOGS         1 or 0 (default): read logs
#   NIRO_ENABLE_APPLY        1 or 0 (default): change objects; with NIRO_APPLY_SCOPE=admin, any object
#   NIRO_ENABLE_SELF_UPDATE  1 or 0 (default): change the agent's own image
#   NIRO_AGENT_IMAGE         the agent's image
#   NIRO_CA_FILE             PEM file of the authority that signed the server's certificate, if no public one did
#   NIRO_ALLOW_HTTP          1 to talk to a server without TLS
#   NIRO_ALLOW_LOOPBACK      1 to accept a server URL that means this machine
#   NIRO_WAIT_SECONDS        how long to wait for the agent (120)
set -eu
umask 077

say() { printf '%s\n' "$*"; }
die() {
  printf 'niro: %s\n' "$*" >&2
  exit 1
}

PUBLIC_URL='%PUBLIC_URL%'
DEFAULT_IMAGE='%DEFAULT_IMAGE%'
K3S_FILE=${NIRO_K3S_FILE:-/etc/rancher/k3s/k3s.yaml}

# ---- what was asked for --------------------------------------------------------------------------
matches() { printf '%s' "$1" | LC_ALL=C grep -Eqx "$2"; }
flag() { # NAME VALUE
  case $2 in
    0 | 1) ;;
    *) die "$1 must be 0 or 1, but was '$2'" ;;
  esac
}

SERVER=${NIRO_SERVER:-$PUBLIC_URL}
SERVER=${SERVER%/}
TOKEN=${NIRO_TOKEN:-}
PODS=${NIRO_ENABLE_PODS:-1}
LOGS=${NIRO_ENABLE_LOGS:-0}
APPLY=${NIRO_ENABLE_APPLY:-0}
SCOPE=${NIRO_APPLY_SCOPE:-namespaced}
SELF_UPDATE=${NIRO_ENABLE_SELF_UPDATE:-0}
ALLOW_HTTP=${NIRO_ALLOW_HTTP:-0}
CA_FILE=${NIRO_CA_FILE:-}
IMAGE=${NIRO_AGENT_IMAGE:-$DEFAULT_IMAGE}
WAIT=${NIRO_WAIT_SECONDS:-120}

one_line() { case $2 in *'
'*) die "$1 must be one line" ;; esac; }
for name in SERVER TOKEN IMAGE WAIT; do
  eval "one_line NIRO_$name \"\$$name\""
done
matches "$SERVER" 'https?://[A-Za-z0-9._~%:/-]+|https?://\[[0-9A-Fa-f:]+\][A-Za-z0-9._~%:/-]*' ||
  die "NIRO_SERVER must be http(s)://host[:port][/path], but was '$SERVER'"
case $SERVER in
  https://localhost* | https://127.* | https://\[::1\]* | https://0.0.0.0* | \
    http://localhost* | http://127.* | http://\[::1\]* | http://0.0.0.0*)
    [ "${NIRO_ALLOW_LOOPBACK:-0}" = 1 ] ||
      die "NIRO_SERVER $SERVER means the machine itself; inside a pod that is the pod. Give an address that the cluster can reach."
    ;;
  http://*)
    [ "$ALLOW_HTTP" = 1 ] ||
      die "NIRO_SERVER $SERVER has no TLS: whoever is on the way could read the agent's key. Use https, or NIRO_ALLOW_HTTP=1."
    ;;
esac
[ -z "$TOKEN" ] || matches "$TOKEN" 'niro_et_[A-Za-z0-9]{65}' ||
  die "NIRO_TOKEN is not an enrollment token; it begins with niro_et_. Was it cut off when pasted?"
matches "$IMAGE" '[A-Za-z0-9][A-Za-z0-9._:/@-]{0,400}' || die "NIRO_AGENT_IMAGE '$IMAGE' is no image"
matches "$WAIT" '[0-9]{1,5}' || die "NIRO_WAIT_SECONDS must be a number, but was '$WAIT'"
flag NIRO_ENABLE_PODS "$PODS"
flag NIRO_ENABLE_LOGS "$LOGS"
flag NIRO_ENABLE_APPLY "$APPLY"
flag NIRO_ENABLE_SELF_UPDATE "$SELF_UPDATE"
flag NIRO_ALLOW_HTTP "$ALLOW_HTTP"
if [ -n "$CA_FILE" ]; then
  [ -r "$CA_FILE" ] || die "NIRO_CA_FILE '$CA_FILE' cannot be read"
  grep -q 'BEGIN CERTIFICATE' "$CA_FILE" || die "NIRO_CA_FILE '$CA_FILE' has no certificate"
  ! grep -q 'PRIVATE KEY' "$CA_FILE" || die "NIRO_CA_FILE '$CA_FILE' has a private key in it; give the certificates only"
fi
case $SCOPE in
  namespaced | admin) ;;
  *) die "NIRO_APPLY_SCOPE must be namespaced or admin, but was '$SCOPE'" ;;
esac

# ---- which cluster -------------------------------------------------------------------------------
if command -v kubectl >/dev/null 2>&1; then
  KUBECTL=kubectl
elif command -v k3s >/dev/null 2>&1; then
  KUBECTL='k3s kubectl'
else
  die "neither kubectl nor k3s was found"
fi

FILE_OPTION=
CONTEXT_OPTION=
kube() {
  # shellcheck disable=SC2086 # KUBECTL may be two words, the options none
  $KUBECTL ${FILE_OPTION:+"$FILE_OPTION"} ${CONTEXT_OPTION:+"$CONTEXT_OPTION"} "$@"
}
server_of() { kube config view --minify -o 'jsonpath={.clusters[0].cluster.server}' 2>/dev/null || true; }
bare() { printf '%s' "$1" | sed -e 's|//localhost\([:/]\)|//127.0.0.1\1|' -e 's|/*$||'; }

ON_K3S=0
OTHER_SERVER=
[ "$KUBECTL" = kubectl ] && OTHER_SERVER=$(bare "$(server_of)")
if [ -n "${NIRO_CONTEXT:-}" ] && [ "${NIRO_CONTEXT:-}" != k3s ]; then
  CONTEXT_OPTION="--context=$NIRO_CONTEXT"
elif [ -r "$K3S_FILE" ]; then
  FILE_OPTION="--kubeconfig=$K3S_FILE"
  K3S_SERVER=$(bare "$(server_of)")
  if [ -z "${NIRO_CONTEXT:-}" ] && [ -n "$OTHER_SERVER" ] && [ "$OTHER_SERVER" != "$K3S_SERVER" ]; then
    FILE_OPTION=
    die "kubectl's context '$(kube config current-context)' leads to $OTHER_SERVER, but this machine runs k3s at $K3S_SERVER. Say which one: NIRO_CONTEXT=k3s or NIRO_CONTEXT=<context>."
  fi
  if [ -n "$OTHER_SERVER" ] && [ -z "${NIRO_CONTEXT:-}" ]; then
    FILE_OPTION=
  fi
  ON_K3S=1
elif [ "${NIRO_CONTEXT:-}" = k3s ]; then
  die "NIRO_CONTEXT is k3s, but $K3S_FILE cannot be read; is this run as root?"
fi

[ -n "$(server_of)" ] || die "no cluster: set KUBECONFIG, or run this as root on a k3s server"
NODES=$(kube get nodes -o 'jsonpath={range .items[*]}{.metadata.name}{"\n"}{end}') ||
  die "the API server $(server_of) does not answer, or these credentials may not list nodes"
if [ -n "${NIRO_CONTEXT:-}" ] && [ "$NIRO_CONTEXT" != k3s ]; then
  CONTEXT=$NIRO_CONTEXT
else
  CONTEXT=$(kube config current-context 2>/dev/null || say "(none)")
fi
say "Context:    $CONTEXT"
say "API server: $(server_of)"
say "Nodes:      $(printf '%s' "$NODES" | tr '\n' ' ')"
say "Niro:       $SERVER"
for wanted in namespaces clusterroles.rbac.authorization.k8s.io clusterrolebindings.rbac.authorization.k8s.io; do
  kube auth can-i create "$wanted" >/dev/null 2>&1 ||
    die "these credentials may not create $wanted; an administrator's are needed"
done

HAS_SECRET=0
kube -n niro-system get secret niro-agent >/dev/null 2>&1 && HAS_SECRET=1
[ -n "$TOKEN" ] || [ "$HAS_SECRET" = 1 ] ||
  die "NIRO_TOKEN is needed: add a cluster in Niro and copy the command that it shows"

# ---- the image -----------------------------------------------------------------------------------
present() { kube -n niro-system get deployment niro-agent -o "jsonpath=$1" 2>/dev/null || true; }
repository() { printf '%s' "$1" | sed -e 's|@.*$||' -e 's|:[^/:]*$||'; }

PRESENT_IMAGE=$(present '{.spec.template.spec.containers[0].image}')
if [ -z "${NIRO_AGENT_IMAGE:-}" ]; then
  case $PRESENT_IMAGE in
    *@sha256:*)
      if [ "$(repository "$PRESENT_IMAGE")" = "$(repository "$IMAGE")" ]; then
        IMAGE=$PRESENT_IMAGE
        say "Image:      $IMAGE (kept: the agent has updated itself)"
      fi
      ;;
  esac
fi

PIN=
if [ "$ON_K3S" = 1 ] && command -v k3s >/dev/null 2>&1 && command -v curl >/dev/null 2>&1; then
  TAR=$(mktemp)
  trap 'rm -f "$TAR"' EXIT
  if curl -fsSL ${CA_FILE:+--cacert "$CA_FILE"} --max-time 300 -o "$TAR" "$SERVER/install/agent-image.tar" 2>/dev/null; then
    HOST=$(hostname | tr '[:upper:]' '[:lower:]')
    if printf '%s\n' "$NODES" | grep -qx "$HOST"; then
      k3s ctr images import "$TAR" >/dev/null || die "k3s could not import the agent's image"
      PIN=$HOST
      say "Image:      $IMAGE, imported into this node; the agent is pinned to $PIN"
    fi
  fi
fi

# ---- the objects ---------------------------------------------------------------------------------
namespace() {
  cat <<'NIRO_END'
%namespace.yaml%
NIRO_END
}
always() {
  cat <<'NIRO_END'
%agent.yaml%
NIRO_END
}
pods() {
  cat <<'NIRO_END'
%grant-pods.yaml%
NIRO_END
}
logs() {
  cat <<'NIRO_END'
%grant-logs.yaml%
NIRO_END
}
apply() {
  cat <<'NIRO_END'
%grant-apply.yaml%
NIRO_END
}
apply_admin() {
  cat <<'NIRO_END'
%grant-apply-admin.yaml%
NIRO_END
}
self_update() {
  cat <<'NIRO_END'
%grant-self-update.yaml%
NIRO_END
}
deployment() {
  cat <<'NIRO_END'
%deployment.yaml%
NIRO_END
}

OWNER='ownerReferences: [{apiVersion: v1, kind: Namespace, name: niro-system, uid: '
owned() { sed -e "s|#OWNER|$OWNER\"$1\"}]|"; }
forget() { kube delete --ignore-not-found "$@" >/dev/null; }

namespace | kube apply -f - >/dev/null
NAMESPACE_UID=$(kube get namespace niro-system -o 'jsonpath={.metadata.uid}')
matches "$NAMESPACE_UID" '[0-9a-fA-F-]{8,64}' || die "the namespace niro-system has no uid"

if [ "$HAS_SECRET" = 0 ]; then
  # The token goes through a pipe, so that no list of processes shows it.
  kube create -f - >/dev/null <<NIRO_END
{"apiVersion": "v1", "kind": "Secret", "type": "Opaque",
 "metadata": {"name": "niro-agent", "namespace": "niro-system",
              "labels": {"app.kubernetes.io/part-of": "niro"}},
 "stringData": {"token": "$TOKEN"}}
NIRO_END
elif [ -n "$TOKEN" ]; then
  printf '{"stringData": {"token": "%s"}}' "$TOKEN" |
    kube -n niro-system patch secret niro-agent --type=merge --patch-file=/dev/stdin >/dev/null
fi

if [ -n "$CA_FILE" ]; then
  kube -n niro-system create configmap niro-ca --from-file="ca.crt=$CA_FILE" --dry-run=client -o yaml |
    kube apply -f - >/dev/null
fi
always | owned "$NAMESPACE_UID" | kube apply -f - >/dev/null
if [ "$PODS" = 1 ]; then
  pods | owned "$NAMESPACE_UID" | kube apply -f - >/dev/null
else
  forget clusterrolebinding/niro-agent-pods clusterrole/niro-agent-pods
fi
if [ "$LOGS" = 1 ]; then
  logs | owned "$NAMESPACE_UID" | kube apply -f - >/dev/null
else
  forget clusterrolebinding/niro-agent-logs clusterrole/niro-agent-logs
fi
if [ "$APPLY" = 1 ] && [ "$SCOPE" = admin ]; then
  say "NIRO_APPLY_SCOPE=admin: whoever may deploy through Niro can do everything in this cluster."
  apply_admin | owned "$NAMESPACE_UID" | kube apply -f - >/dev/null
else
  forget clusterrolebinding/niro-agent-apply-admin
fi
if [ "$APPLY" = 1 ] && [ "$SCOPE" = namespaced ]; then
  apply | owned "$NAMESPACE_UID" | kube apply -f - >/dev/null
else
  forget clusterrolebinding/niro-agent-apply clusterrole/niro-agent-apply clusterrole/niro-agent-apply-namespaced
fi
if [ "$SELF_UPDATE" = 1 ]; then
  self_update | kube apply -f - >/dev/null
else
  forget -n niro-system rolebinding/niro-agent-self-update role/niro-agent-self-update
fi

# ---- the agent -----------------------------------------------------------------------------------
if [ -n "$TOKEN$CA_FILE" ]; then
  STAMP=$(date -u +%Y-%m-%dT%H:%M:%SZ)
else
  STAMP=$(present '{.spec.template.metadata.annotations.niro\.cx/token}')
  matches "$STAMP" '[0-9TZ:-]{1,40}' || STAMP=none
fi
PROXY=
proxy_value() { # NAME VALUE
  matches "$2" '[A-Za-z0-9._~%:/@,*-]+' || die "$1 has characters that are not allowed here"
  PROXY="$PROXY- {name: $1, value: \"$2\"}\\
            "
}
if [ -n "${HTTPS_PROXY:-}" ]; then
  SERVICE=$(kube -n default get service kubernetes -o 'jsonpath={.spec.clusterIP}' 2>/dev/null || true)
  proxy_value HTTPS_PROXY "$HTTPS_PROXY"
  proxy_value NO_PROXY "${NO_PROXY:+$NO_PROXY,}kubernetes.default.svc,.svc,.cluster.local,10.43.0.0/16${SERVICE:+,$SERVICE}"
fi
CA='#'
if [ -n "$CA_FILE" ] || kube -n niro-system get configmap niro-ca >/dev/null 2>&1; then
  CA='- {name: NIRO_CA_FILE, value: /etc/niro/ca.crt}'
fi
NODE='#'
[ -z "$PIN" ] || NODE="nodeSelector: {kubernetes.io/hostname: \"$PIN\"}"

deployment | sed \
  -e "s|%SERVER%|$SERVER|" -e "s|%IMAGE%|$IMAGE|" -e "s|%TOKEN_STAMP%|$STAMP|" \
  -e "s|%PODS%|$PODS|" -e "s|%LOGS%|$LOGS|" -e "s|%APPLY%|$APPLY|" -e "s|%SELF_UPDATE%|$SELF_UPDATE|" \
  -e "s|%ALLOW_HTTP%|$ALLOW_HTTP|" -e "s|#NODE|$NODE|" -e "s|#CA|$CA|" -e "s|#PROXY|$PROXY#|" |
  kube apply -f - >/dev/null
say "Waiting up to $WAIT s for the agent's first heartbeat ..."
if ! kube -n niro-system rollout status deployment/niro-agent --timeout="${WAIT}s"; then
  say ""
  kube -n niro-system get pods -l app.kubernetes.io/name=niro-agent -o wide || true
  kube -n niro-system get events --sort-by=.lastTimestamp || true
  kube -n niro-system logs deployment/niro-agent --tail=20 2>/dev/null || true
  die "the agent did not report within $WAIT s; what is known is above"
fi
say "The agent reports. To uninstall: kubectl delete namespace niro-system (workloads that Niro deployed stay)."
