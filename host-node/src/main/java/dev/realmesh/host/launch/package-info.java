// SPDX-License-Identifier: Apache-2.0

/// From a request to a running workload and back: a Realm is planned, built, given its devices, entered, asked to run a
/// container, and taken down, whatever happens. The host does all this and is trusted with none of it.
///
/// Start at [dev.realmesh.host.launch.LaunchWorkload], which is the whole flow;
/// [dev.realmesh.host.launch.RealmRegistry] knows the Realms that there are.
@NullMarked
package dev.realmesh.host.launch;

import org.jspecify.annotations.NullMarked;
