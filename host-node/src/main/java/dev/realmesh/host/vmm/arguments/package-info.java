// SPDX-License-Identifier: Apache-2.0

/// What the command lines of virtual machine monitors have in common, and what the host lets a Realm have. They are
/// read
/// as `realm-measurements` (veraison/cca-realm-measurements) reads them, so that both make the same Realm of the same
/// words.
@NullMarked
package dev.realmesh.host.vmm.arguments;

import org.jspecify.annotations.NullMarked;
