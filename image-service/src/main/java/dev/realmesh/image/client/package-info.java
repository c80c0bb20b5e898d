// SPDX-License-Identifier: Apache-2.0

/// Reads from and writes to other registries, by the OCI distribution API. Start at
/// [dev.realmesh.image.client.RegistryClient].
///
/// Written on `java.net.http` rather than on the ORAS SDK (0.7.0), which reads manifests, tokens and errors of any size
/// into memory, follows any number of redirects, and takes credentials and mirrors from files of the user that it runs
/// as: a service that talks to registries it does not trust needs bounds there.
@NullMarked
package dev.realmesh.image.client;

import org.jspecify.annotations.NullMarked;
