// SPDX-License-Identifier: Apache-2.0

/// Reads from and writes to registries, by the OCI distribution API. Start at
/// [dev.realmesh.oci.registry.RegistryClient].
///
/// Written on `java.net.http` rather than on the ORAS SDK (0.7.0), which reads manifests, tokens and errors of any size
/// into memory, follows any number of redirects, and takes credentials and mirrors from files of the user that it runs
/// as: who talks to registries it does not trust needs bounds there.
@NullMarked
package dev.realmesh.oci.registry;

import org.jspecify.annotations.NullMarked;
