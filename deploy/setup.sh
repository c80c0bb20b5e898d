#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# setup.sh: makes sure that this machine has what Realms need: bubblewrap (their sandbox), crun and catatonit (their
# containers and the init of those) and a static busybox (the guest image and the sample image). As root on Debian or Ubuntu, installs what is missing and says
# so. Else prints one line that names what is missing and how to get it, and fails. Silent and quick when all is there.
set -euo pipefail

die() { echo "setup: $*" >&2; exit 1; }

[ "$(uname -s)" = Linux ] || die "Realms need Linux: got $(uname -s); use a Linux machine, or deploy/compose.yaml"

# A program that needs libraries names their loader (ELF's PT_INTERP) near its start.
static_busybox() {
  local busybox
  busybox=$(command -v busybox) && ! head -c 4096 "$busybox" | grep -a '/ld-[lm]' >/dev/null
}

missing=()
command -v bwrap >/dev/null || missing+=(bubblewrap)
command -v crun >/dev/null || missing+=(crun)
command -v catatonit >/dev/null || missing+=(catatonit)
static_busybox || missing+=(busybox-static)
[ ${#missing[@]} -gt 0 ] || exit 0

how="your distribution's packages ${missing[*]}"
if command -v apt-get >/dev/null; then how="sudo apt-get install ${missing[*]}"
elif command -v dnf >/dev/null; then how="sudo dnf install ${missing[*]/busybox-static/busybox}"
elif command -v apk >/dev/null; then how="sudo apk add ${missing[*]}"
elif command -v pacman >/dev/null; then how="sudo pacman -S ${missing[*]/busybox-static/busybox}"
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  die "missing: ${missing[*]} (to install: $how)"
fi

echo "setup: installing ${missing[*]}" >&2
apt() { DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@" 2>&1; }
output=$(apt update && apt install --no-install-recommends "${missing[@]}") ||
  { tail -n 20 <<<"$output" >&2; die "could not install ${missing[*]} (to try: $how)"; }
