// SPDX-License-Identifier: Apache-2.0

/// Containers: [dev.realmesh.realm.container.RunContainer] is the main flow of a run, from attestation to exit code;
/// [dev.realmesh.realm.container.Containers] has all of a Realm, and asks
/// [dev.realmesh.realm.container.HostRights] what the host may do with them;
/// [dev.realmesh.realm.container.Crun] runs an OCI bundle that [dev.realmesh.realm.container.BundleConfig] describes.
@NullMarked
package dev.realmesh.realm.container;

import org.jspecify.annotations.NullMarked;
