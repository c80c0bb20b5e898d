#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# base-images.sh [TAG...]: makes sure that the images which the Dockerfile starts from are in the local engine.
# Pulls them where a registry answers. Else makes stand-ins of the same names from this machine's Debian mirror, its
# JDK 25 and its static busybox. What is there stays. Without arguments: all that are known.
# A stand-in holds the trust store of the machine that made it: never push one.
set -euo pipefail
cd "$(dirname "$0")"

readonly debian=debian:bookworm-slim jre=eclipse-temurin:25-jre jdk=eclipse-temurin:25-jdk busybox=busybox:latest
# What Temurin's own JRE holds.
readonly jre_modules=java.se,jdk.charsets,jdk.crypto.cryptoki,jdk.crypto.ec,jdk.dynalink,jdk.httpserver,jdk.jcmd,jdk.jdwp.agent,jdk.jfr,jdk.localedata,jdk.management,jdk.management.agent,jdk.management.jfr,jdk.naming.dns,jdk.naming.rmi,jdk.net,jdk.nio.mapmode,jdk.sctp,jdk.security.auth,jdk.security.jgss,jdk.unsupported,jdk.xml.dom,jdk.zipfs

say() { echo "base-images: $*" >&2; }
die() { say "$*"; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

have() { docker image inspect "$1" >/dev/null 2>&1; }

# Runs a command whose output matters only if it fails.
quietly() { "$@" >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2; die "failed: $1"; }; }

need() { # PROGRAM PACKAGE
  command -v "$1" >/dev/null && return
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || die "no registry answers, and $1 is missing: install $2"
  say "installing $2"
  quietly apt-get -qq update
  DEBIAN_FRONTEND=noninteractive quietly apt-get -qq -o DPkg::Lock::Timeout=300 install --no-install-recommends "$2"
}

import() { # ROOT TAG COMMAND
  tar -C "$1" --numeric-owner -c . | docker import --change "CMD [\"$3\"]" - "$2" >/dev/null
}

make_debian() {
  local root=$work/debian mirror
  need debootstrap debootstrap
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | sed -n 1p)
  [ -n "$mirror" ] || die "no registry answers, and apt knows no Debian mirror"
  quietly debootstrap --variant=minbase --include=ca-certificates bookworm "$root" "$mirror"
  # What the slim image leaves out, now and when packages are added.
  printf 'path-exclude=/usr/share/%s/*\n' doc man info locale lintian >"$root/etc/dpkg/dpkg.cfg.d/slim"
  printf 'APT::Install-Recommends "false";\nAcquire::Languages "none";\n' >"$root/etc/apt/apt.conf.d/slim"
  rm -rf "$root"/usr/share/{doc,man,info,locale,lintian}/* "$root"/var/{lib/apt/lists,cache/apt/archives,log}/* \
    "$root"/var/cache/apt/*.bin
  import "$root" $debian bash
}

make_jre() {
  local home
  home=$(./jdk.sh)
  mkdir "$work/jre"
  # With the default CDS archive: without it every start is slower.
  quietly "$home/bin/jlink" --add-modules $jre_modules --no-header-files --no-man-pages --strip-java-debug-attributes \
    --generate-cds-archive --output "$work/jre/openjdk"
  java_image $jre "$work/jre"
}

make_jdk() {
  local home
  home=$(./jdk.sh)
  mkdir "$work/jdk"
  cp -RL "$home" "$work/jdk/openjdk" # -L: certificates and sources are often links out of the JDK's own folder
  rm -f "$work/jdk/openjdk/lib/src.zip"
  java_image $jdk "$work/jdk"
}

java_image() { # TAG FOLDER
  have $debian || make $debian
  cat >"$2/Dockerfile" <<'D'
FROM debian:bookworm-slim
ENV JAVA_HOME=/opt/java/openjdk PATH=/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
COPY openjdk /opt/java/openjdk
D
  quietly docker build -t "$1" "$2"
}

make_busybox() {
  local root=$work/busybox
  quietly ./setup.sh
  mkdir -p "$root"/{bin,dev,etc,proc,root,sys,tmp,var}
  chmod 1777 "$root/tmp"
  cp "$(command -v busybox)" "$root/bin/busybox"
  local applet
  for applet in $("$root/bin/busybox" --list); do
    [ "$applet" = busybox ] || ln "$root/bin/busybox" "$root/bin/$applet"
  done
  printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' >"$root/etc/passwd"
  printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"
  import "$root" $busybox sh
}

make() {
  case $1 in
    "$debian") make_debian ;;
    "$jre") make_jre ;;
    "$jdk") make_jdk ;;
    "$busybox") make_busybox ;;
    *) die "$1: no registry has it, and no stand-in is known (known: $debian $jre $jdk $busybox)" ;;
  esac
  say "$1 made here"
}

docker info >/dev/null 2>&1 || die "no Docker engine answers; run deploy/engine.sh first"
registry=yes
[ $# -gt 0 ] || set -- $debian $jre $jdk $busybox
for tag in "$@"; do
  if have "$tag"; then continue; fi
  if [ $registry = yes ] && timeout 120 docker pull -q "$tag" >/dev/null 2>&1; then
    say "$tag pulled"
  else
    registry=no
    make "$tag"
  fi
done
