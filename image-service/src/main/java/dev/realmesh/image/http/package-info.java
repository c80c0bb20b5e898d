// SPDX-License-Identifier: Apache-2.0

/// The OCI distribution API over HTTP, in front of the registry, as docker, skopeo, oras and others speak it. Start at
/// [dev.realmesh.image.http.RegistryServer].
@NullMarked
package dev.realmesh.image.http;

import org.jspecify.annotations.NullMarked;
