#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# jdk.sh: prints the home of a JDK 25 or newer on this machine, or fails with a line that says how to get one.
set -euo pipefail

for home in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/java/openjdk ~/.sdkman/candidates/java/* ~/.jdks/*; do
  if [ -x "$home/bin/jlink" ] && grep -qsE '^JAVA_VERSION="(2[5-9]|[3-9][0-9])' "$home/release"; then
    echo "$home"
    exit
  fi
done
echo "jdk: no JDK 25 found: install one (any vendor's) under /usr/lib/jvm, ~/.sdkman or ~/.jdks, or set JAVA_HOME" >&2
exit 1
