# SPDX-License-Identifier: Apache-2.0
# Runs as process 1 of fresh user, mount, process, IPC, host name and network namespaces: makes ROOT the whole world, then
# becomes the guest. Arguments: ROOT HOSTNAME ["BYTES PATH"]... -- ["MODE SOURCE PATH"]... -- COMMAND...
# A memory file system of so many BYTES, or a SOURCE of the host, appears at PATH, relative to ROOT; MODE is ro or rw; none
# of them has a blank in it. Nothing else can be written.
set -eu
root=$1 name=$2
shift 2

hostname "$name"
ip link set lo up

mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
for folder in dev sys/fs/cgroup; do mount -t tmpfs tmpfs "$root/$folder"; done
memory() {
  mount -t tmpfs -o "size=$1" tmpfs "$root/$2"
}
while [ "$1" != -- ]; do
  # Unquoted: the two words.
  memory $1
  shift
done
shift

for device in null zero full random urandom tty; do
  : >"$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/pts" "$root/dev/shm" "$root/run/realm" "$root/.host"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"

attach() {
  : >"$root/$3"
  mount --bind "$2" "$root/$3"
  mount -o "remount,bind,$1,nosuid,nodev" "$root/$3"
}
while [ "$1" != -- ]; do
  # Unquoted: the three words.
  attach $1
  shift
done
shift

cd "$root"
pivot_root . .host
cd /
export PATH="$GUEST_PATH"
unset GUEST_PATH
exec /bin/busybox sh -c '
  umount -l /.host && rmdir /.host &&
    for folder in /sys/fs/cgroup /dev /; do mount -o remount,bind,ro,nosuid,nodev tmpfs "$folder" || exit; done &&
    exec "$@"' sandbox "$@"
