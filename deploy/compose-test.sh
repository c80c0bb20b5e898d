#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# compose-test.sh: the main job on the mesh in containers, as an operator and an image's owner do it: up, an encrypted
# image pushed, its key stored, a container run in a Realm: on a terminal, by a signature policy, from skopeo's copy, and
# left in one; its attestation result listed, down.
# Leaves nothing behind but the images. Uses the ports of compose.yaml, under a project name of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly project=realmesh-test image=${REALMESH_IMAGE:-realmesh:dev} sample=realmesh-test-sample
readonly reference=samples/hello:1 key_path=default/image-key/hello
compose=(docker compose -p $project -f deploy/compose.yaml)
work=$(mktemp -d)

say() { echo "compose: $*"; }
die() { say "FAILED: $*" >&2; exit 1; }

# What this project left in the engine.
leftovers() {
  local label=label=com.docker.compose.project=$project
  docker ps -aq --filter $label
  docker volume ls -q --filter $label
  docker network ls -q --filter $label
}

finish() {
  local status=$?
  if [ $status != 0 ]; then "${compose[@]}" logs --no-color --tail 60 >&2 || true; fi
  "${compose[@]}" --progress quiet down -v --remove-orphans >/dev/null 2>&1 || true
  docker image rm -f $sample >/dev/null 2>&1 || true
  rm -rf "$work"
  exit $status
}

# The owner's command line: a container with nothing of the mesh in it but the owner's folder.
owner() {
  docker run --rm -i --network host --user "$(id -u):$(id -g)" -e HOME=/tmp -v "$work:/owner" -w /owner \
    --entrypoint realmesh "$image" "$@"
}

exec_in() { "${compose[@]}" exec -T "$@"; }

expect() { # WHAT GOT EXPECTED
  [ "$2" = "$3" ] || die "$1: got '$2' (expected: '$3')"
}

step() { say "$* (${SECONDS} s)"; }

deploy/engine.sh
step "images"
deploy/images.sh
trap finish EXIT
"${compose[@]}" down -v --remove-orphans >/dev/null 2>&1

step "up"
"${compose[@]}" --progress quiet up -d --wait --wait-timeout 240 || die "the mesh did not become healthy"

step "an image is built, encrypted and pushed"
docker build -q -t $sample - >/dev/null <<'D'
FROM busybox:latest
CMD ["sh", "-c", "echo hello from a Realm; echo and its complaint >&2; exit 7"]
D
exec_in key-broker cat /var/lib/realmesh/state/tls/ca.pem >"$work/ca.pem"
mkdir "$work/plain"
docker save $sample | tar -x -C "$work/plain"
head -c 32 /dev/urandom >"$work/image.key"
owner image encrypt oci:plain 127.0.0.1:5000/$reference --ca-file ca.pem --key kbs:///$key_path=image.key >/dev/null

step "without its key, the image is refused"
status=0
exec_in host-node realmesh run $reference >"$work/out" 2>"$work/err" || status=$?
expect "exit code" $status 1
expect "output" "$(<"$work/out")" ""
say "  $(tail -n 1 "$work/err")"

step "its key is stored"
exec_in key-broker cat /var/lib/realmesh/state/key-broker/admin.token >"$work/admin.token"
owner secret put $key_path image.key --endpoint https://127.0.0.1:7442 --ca-file ca.pem --admin-token-file admin.token

step "it runs in a Realm"
status=0
exec_in host-node realmesh run $reference >"$work/out" 2>"$work/err" || status=$?
cat "$work/err" >&2
expect "exit code" $status 7
expect "output" "$(<"$work/out")" "hello from a Realm"
grep -qx "and its complaint" "$work/err" || die "standard error is not the container's"

step "a command is typed on its terminal"
status=0
printf 'echo typed $((6 * 7)); exit 5\n' |
  script -qec "${compose[*]} exec host-node realmesh run -it $reference -- sh" /dev/null >"$work/out" || status=$?
expect "exit code" $status 5
grep -q "typed 42" "$work/out" || die "the terminal does not show what the command wrote: $(<"$work/out")"

step "its owner asks for a signature"
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/signer.pem" 2>/dev/null
printf 'signature-keys = ["""%s\n"""]\n' "$(openssl pkey -in "$work/signer.pem" -pubout)" >"$work/keys.toml"
exec_in host-node cat /var/lib/realmesh/peers/key-broker/initdata.toml |
  sed "/^require-encryption/r $work/keys.toml" >"$work/signed.toml"
run_signed() {
  owner run --initdata signed.toml $reference --endpoint https://127.0.0.1:7440 --ca-file ca.pem \
    >"$work/out" 2>"$work/err" </dev/null
}
status=0
run_signed || status=$?
expect "exit code without it" $status 1
grep -q "no signature by the asked key" "$work/err" || die "not refused for its signature: $(<"$work/err")"
owner image sign --key signer.pem 127.0.0.1:5000/$reference --ca-file ca.pem >/dev/null
status=0
run_signed || status=$?
expect "exit code with it" $status 7
expect "output" "$(<"$work/out")" "hello from a Realm"

if command -v skopeo >/dev/null; then
  step "skopeo copies it out of the registry and in again"
  mkdir "$work/trust"
  cp "$work/ca.pem" "$work/trust/ca.crt"
  skopeo copy -q --src-cert-dir "$work/trust" docker://127.0.0.1:5000/$reference "dir:$work/copy"
  skopeo copy -q --dest-tls-verify=false "dir:$work/copy" docker://127.0.0.1:5000/samples/copied:1
  status=0
  exec_in host-node realmesh run samples/copied:1 >"$work/out" 2>/dev/null || status=$?
  expect "exit code" $status 7
fi

step "it lives on in a Realm, and is looked at"
realm=$(exec_in host-node realmesh run -d --name hello $reference)
expect "log" "$(exec_in host-node realmesh realm logs -f "$realm" 2>/dev/null)" "hello from a Realm"
exec_in host-node realmesh realm ps "$realm" | tee "$work/containers"
grep -q "^hello  EXITED 7  " "$work/containers" || die "the container is not listed with its exit code"
exec_in host-node realmesh realm remove "$realm"
expect "Realms" "$(exec_in host-node realmesh realm list)" ""

step "its attestation result is listed"
exec_in attestation-service realmesh attestation list | tee "$work/results"
grep -qi affirming "$work/results" || die "no affirming result"

step "down"
"${compose[@]}" --progress quiet down -v || die "the mesh did not go down"
expect "left in the engine" "$(leftovers)" ""
step "passed"
