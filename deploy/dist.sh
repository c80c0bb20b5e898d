#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# dist.sh FOLDER: lays out what has been built as it is installed: the launcher, the jars and the guest image.
set -euo pipefail
cd "$(dirname "$0")/.."

[ $# = 1 ] || { echo "dist: got $# arguments (expected: FOLDER)" >&2; exit 2; }
[ -e cli/target/cli.jar ] || { echo "dist: nothing is built; run ./mvnw package first" >&2; exit 1; }

readonly realm_node=realm-node/target guest=deploy/guest-image/target/guest
if [ ! $guest/manifest.json -nt $realm_node/realm-node.jar ]; then
  "$(deploy/jdk.sh)/bin/java" -cp 'cli/target/cli.jar:cli/target/lib/*' dev.realmesh.guestimage.BuildGuestImage \
    $realm_node $guest
fi

rm -rf "$1"
mkdir -p "$1/lib" "$1/guest"
cp realmesh "$1/"
cp cli/target/cli.jar cli/target/lib/*.jar "$1/lib/"
cp -r $guest/* "$1/guest/"
