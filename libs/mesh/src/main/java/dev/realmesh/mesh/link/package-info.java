// SPDX-License-Identifier: Apache-2.0
/// The guarded link between a host and one Realm. Neither end trusts the other. Start at
/// [dev.realmesh.mesh.link.HostLink]; the guest has [dev.realmesh.mesh.link.GuestLink].
@NullMarked
package dev.realmesh.mesh.link;

import org.jspecify.annotations.NullMarked;
