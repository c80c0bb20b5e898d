// SPDX-License-Identifier: Apache-2.0

/// OCI images as data: references, digests, descriptors, manifests, indexes and configurations, by the OCI image
/// specification 1.1 and, for reading, Docker's schema 2. Everything here is read from an untrusted party: sizes are
/// bounded, and a byte counts only once its digest was right.
///
/// Start at [dev.realmesh.oci.Manifest], then [dev.realmesh.oci.VerifyingInputStream]; layers are decrypted in
/// [dev.realmesh.oci.crypt], unpacked in [dev.realmesh.oci.unpack], and images kept as folders in
/// [dev.realmesh.oci.layout], at registries in [dev.realmesh.oci.registry].
@NullMarked
package dev.realmesh.oci;

import org.jspecify.annotations.NullMarked;
