// SPDX-License-Identifier: Apache-2.0

/// Signatures of images as cosign makes them with a key: payloads of simple signing, or bundles, in images beside the
/// signed one.
@NullMarked
package dev.realmesh.oci.signature;

import org.jspecify.annotations.NullMarked;
