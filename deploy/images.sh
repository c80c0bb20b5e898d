#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# images.sh: builds the image that compose.yaml runs. Compiles nothing that is built on this machine already; where there
# is no JDK 25, compiles in the image build.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly dist=cli/target/dist
build=(docker build -q -f deploy/Dockerfile -t "${REALMESH_IMAGE:-realmesh:dev}")

deploy/base-images.sh
if ./realmesh --version >/dev/null; then # builds what is missing
  deploy/dist.sh $dist
  build+=(--build-context "dist=$dist")
fi
"${build[@]}" . >/dev/null
docker image prune -f --filter label=org.opencontainers.image.title=realmesh >/dev/null # the ones that this one replaces
