#!/bin/sh
# Puts together the file system of the agent's image: a Java runtime of what the agent needs, the C
# libraries that it is linked with, the agent's jars, and a class-data archive of them.
#   assemble.sh LIB ROOT JAVA_HOME
set -eu
lib=$1
root=$2
java_home=$3
here=$(cd "$(dirname "$0")" && pwd -P)
modules=java.base,java.logging,java.management,java.naming,java.sql,java.desktop,jdk.crypto.ec,jdk.httpserver,jdk.unsupported,jdk.zipfs

rm -rf "$root"
mkdir -p "$root"
root=$(cd "$root" && pwd -P)
mkdir -p "$root/app/lib" "$root/etc" "$root/opt" "$root/tmp"
chmod 1777 "$root/tmp"
echo 'niro:x:65532:65532:niro:/tmp:/sbin/nologin' >"$root/etc/passwd"
echo 'niro:x:65532:' >"$root/etc/group"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"

"$java_home/bin/jlink" --add-modules "$modules" --strip-debug --no-header-files --no-man-pages \
  --compress=2 --output "$root/opt/java"
rm -f "$root"/opt/java/lib/libawt* "$root"/opt/java/lib/libfont* "$root"/opt/java/lib/libjavajpeg* \
  "$root"/opt/java/lib/libmlib* "$root"/opt/java/lib/liblcms* "$root"/opt/java/lib/libjsound* \
  "$root"/opt/java/lib/libsplashscreen* "$root"/opt/java/lib/libjawt* "$root"/opt/java/lib/libprefs*
"$root/opt/java/bin/java" -XX:+UseSerialGC -Xshare:dump >/dev/null
# A distribution's JDK may only link to the authorities of the machine.
cp -L "$java_home/lib/security/cacerts" "$root/opt/java/lib/security/cacerts"

# The readiness probe looks for a file.
mkdir -p "$root/usr/bin" "$root/proc"
cp -L /usr/bin/test "$root/usr/bin/test"

for binary in "$root/usr/bin/test" "$root/opt/java/bin/java" "$root"/opt/java/lib/*.so "$root"/opt/java/lib/server/*.so; do
  ldd "$binary" 2>/dev/null | sed -n -e 's|.* => \(/[^ ]*\) .*|\1|p' -e 's|^[^/]*\(/[^ ]*ld-[^ ]*\) .*|\1|p'
done | sort -u | grep -v "^$root/" | while read -r file; do
  mkdir -p "$root$(dirname "$file")"
  cp -L "$file" "$root$file"
done
# Names are looked up through libraries that nothing is linked with.
for file in /lib/*-linux-gnu*/libnss_dns.so.2 /lib/*-linux-gnu*/libnss_files.so.2 /lib/*-linux-gnu*/libresolv.so.2; do
  [ ! -e "$file" ] || { mkdir -p "$root$(dirname "$file")" && cp -L "$file" "$root$file"; }
done

# What only the server and a developer's machine need stays out.
for jar in "$lib"/*.jar; do
  case ${jar##*/} in
    jetty-* | jakarta.servlet* | h2-* | postgresql-* | HikariCP-* | jdbi3-* | flyway-* | bc*-jdk18on-* | \
      caffeine-* | lit-* | lit__* | uplot-* | geantyref-* | micrometer-*) ;;
    *) cp "$jar" "$root/app/lib/" ;;
  esac
done
cp "$here/jvm.options" "$root/app/jvm.options"
# One jar that names the others, so that the archive knows one class path.
manifest=$(mktemp)
{
  echo 'Manifest-Version: 1.0'
  printf 'Class-Path:'
  for jar in "$root"/app/lib/*.jar; do
    printf ' \n lib/%s' "${jar##*/}"
  done
  echo
} >"$manifest"
(cd "$root/app" && "$java_home/bin/jar" --create --file niro.jar --manifest "$manifest")
rm -f "$manifest"
# The archive remembers the times of the jars, and an image has one time for all.
find "$root" -exec touch -h -d @1 {} +

# A short life of an agent that reaches nothing: what it loads, the archive holds.
home=$(mktemp -d)
cat >"$home/config" <<'END'
apiVersion: v1
kind: Config
current-context: none
clusters: [{name: none, cluster: {server: "http://127.0.0.1:9"}}]
users: [{name: none, user: {token: none}}]
contexts: [{name: none, context: {cluster: none, user: none}}]
END
(
  cd "$root/app"
  NIRO_SERVER=https://127.0.0.1:9 KUBECONFIG=$home/config HOME=$home \
    "$root/opt/java/bin/java" -XX:ArchiveClassesAtExit="$root/app/niro.jsa" -XX:+UseSerialGC \
    -cp niro.jar cx.niro.app.Main agent >"$home/log" 2>&1 &
  agent=$!
  sleep "${NIRO_ARCHIVE_SECONDS:-30}"
  kill "$agent" 2>/dev/null || true
  wait "$agent" || true
)
if grep -q NoClassDefFoundError "$home/log"; then
  cat "$home/log" >&2
  echo "the image leaves out a jar that the agent needs" >&2
  exit 1
fi
[ -s "$root/app/niro.jsa" ] || { cat "$home/log" >&2; echo "no class-data archive was made" >&2; exit 1; }
rm -rf "$home"
touch -h -d @1 "$root/app/niro.jsa" "$root/app"
chmod -R go+rX "$root"
