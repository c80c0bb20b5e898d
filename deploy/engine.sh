#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# engine.sh: makes sure that a Docker engine answers, with compose and buildx, and prints its version.
# Uses the engine that answers. Else, as root on Debian, installs Debian's packages and starts dockerd.
# Safe to call again, and from two builds at once.
set -euo pipefail

readonly log=/var/log/dockerd.log wait_seconds=60

say() { echo "engine: $*" >&2; }
die() { say "$*"; exit 1; }

plugins() { docker compose version && docker buildx version; } >/dev/null 2>&1
answers() { docker info; } >/dev/null 2>&1
ready() { answers && plugins; }

report() {
  echo "docker $(docker version --format '{{.Server.Version}} (API {{.Server.APIVersion}})')," \
    "compose $(docker compose version --short), cgroup v$(docker info --format '{{.CgroupVersion}}')"
}

apt() {
  local output
  output=$(DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@" 2>&1) ||
    { tail -n 20 <<<"$output" >&2; die "apt-get $1 failed"; }
}

# Debian 12 has no compose v2. Takes Debian 13's packages, from the mirror that this machine's apt already uses, at a
# priority so low that nothing else ever comes from there.
add_trixie() {
  local mirror
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | sed -n 1p)
  [ -n "$mirror" ] || die "no Debian mirror among this machine's apt sources; add one, or install Docker"
  printf 'Types: deb\nURIs: %s\nSuites: trixie\nComponents: main\nSigned-By: %s\n' \
    "$mirror" /usr/share/keyrings/debian-archive-keyring.gpg >/etc/apt/sources.list.d/trixie.sources
  printf 'Package: *\nPin: release n=trixie\nPin-Priority: 50\n' >/etc/apt/preferences.d/trixie
  apt update
}

install_engine() {
  local from='' packages=(docker.io docker-cli docker-compose docker-buildx)
  say "installing ${packages[*]}"
  apt update
  if [ -z "$(apt-cache madison docker-cli)" ]; then add_trixie; fi
  if [ -e /etc/apt/preferences.d/trixie ]; then from=/trixie; fi
  apt install --no-install-recommends iptables "${packages[@]/%/$from}"
}

start_engine() {
  say "starting dockerd (log: $log)"
  if [ -d /run/systemd/system ]; then
    systemctl start docker
  else
    setsid nohup dockerd >>"$log" 2>&1 </dev/null 9>&- & # 9: the daemon must not keep the lock
  fi
  local deadline=$((SECONDS + wait_seconds))
  until answers; do
    [ $SECONDS -lt $deadline ] || { tail -n 20 "$log" >&2 || true; die "dockerd did not answer in $wait_seconds s"; }
    sleep 0.3
  done
}

if ready; then report; exit; fi
[ "$(id -u)" = 0 ] || die "no Docker engine with compose and buildx answers this user; start or install one, or run this as root on Debian"
exec 9>/run/realmesh-engine.lock
flock -w 300 9 || die "another engine.sh is still at work after 300 s"
if ! command -v dockerd >/dev/null || ! plugins; then
  grep -qsx 'ID=debian' /etc/os-release || die "no Docker engine with compose and buildx here; install one (this script can only on Debian)"
  install_engine
fi
if ! answers; then start_engine; fi
ready || die "Docker's compose or buildx plugin does not answer; install both"
report
