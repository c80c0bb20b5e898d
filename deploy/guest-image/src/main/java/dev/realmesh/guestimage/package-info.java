// SPDX-License-Identifier: Apache-2.0

/// Builds the guest image: a kernel with the boot manifest, an initrd with the whole user space of a Realm (Java
/// run-time, realm-node, container runtime, and every library that these need), a manifest of their digests, and the
/// reference values that a verifier holds a Realm to. Same inputs, same bytes.
///
/// Start at [dev.realmesh.guestimage.BuildGuestImage]; [dev.realmesh.guestimage.UserSpace] says what is in it.
@NullMarked
package dev.realmesh.guestimage;

import org.jspecify.annotations.NullMarked;
