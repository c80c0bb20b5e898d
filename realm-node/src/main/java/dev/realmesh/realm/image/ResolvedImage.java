// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.image;

import dev.realmesh.oci.ImageConfig;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Reference;

/// An image that the policy admits, with its documents checked; its layers are still where they come from.
///
/// @param reference what it was asked for by
/// @param digest of the manifest, the one that is measured
/// @param manifest names the layers
/// @param config says how it runs, and what the layers are when they are plain
public record ResolvedImage(Reference reference, OciDigest digest, Manifest manifest, ImageConfig config) {}
