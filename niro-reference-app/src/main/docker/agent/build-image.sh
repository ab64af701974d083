#!/bin/sh
# Makes the agent's image as a tar that "docker load", "podman load" and "k3s ctr images import" read,
# without a daemon, a registry or rights of root.
#   build-image.sh LIB WORK NAME JAVA_HOME    gives WORK/agent-image.tar
set -eu
lib=$1
work=$2
name=$3
java_home=$4
here=$(cd "$(dirname "$0")" && pwd -P)
case $(uname -m) in
  x86_64) architecture=amd64 ;;
  aarch64) architecture=arm64 ;;
  *) architecture=$(uname -m) ;;
esac

mkdir -p "$work/image"
sh "$here/assemble.sh" "$lib" "$work/root" "$java_home"
tar --create --file "$work/image/layer.tar" --directory "$work/root" --sort=name --mtime=@1 \
  --owner=0 --group=0 --numeric-owner --format=pax --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime .
layer=$(sha256sum "$work/image/layer.tar" | cut -d' ' -f1)
cat >"$work/image/config.json" <<END
{"architecture": "$architecture", "os": "linux", "created": "1970-01-01T00:00:01Z",
 "config": {"User": "65532:65532", "WorkingDir": "/app",
  "Env": ["PATH=/opt/java/bin", "HOME=/tmp", "LANG=C.UTF-8"],
  "Entrypoint": ["/opt/java/bin/java", "@/app/jvm.options", "-cp", "niro.jar", "cx.niro.app.Main"],
  "Cmd": ["agent"]},
 "rootfs": {"type": "layers", "diff_ids": ["sha256:$layer"]},
 "history": [{"created": "1970-01-01T00:00:01Z", "created_by": "niro"}]}
END
printf '[{"Config": "config.json", "RepoTags": ["%s"], "Layers": ["layer.tar"]}]\n' "$name" \
  >"$work/image/manifest.json"
tar --create --file "$work/agent-image.tar" --directory "$work/image" --sort=name --mtime=@1 \
  --owner=0 --group=0 --numeric-owner manifest.json config.json layer.tar
rm -rf "$work/image"
ls -l "$work/agent-image.tar"
