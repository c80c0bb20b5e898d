// SPDX-License-Identifier: Apache-2.0

/// Layer encryption by ocicrypt's rules, the one of skopeo, containerd and Confidential Containers: a layer's
/// compressed bytes are encrypted with a key of their own, which is wrapped for each recipient in an annotation of the
/// layer's descriptor.
///
/// Start at [dev.realmesh.oci.crypt.LayerDecryption] to read, at [dev.realmesh.oci.crypt.LayerEncryption] to write.
/// Words are ocicrypt's: *public options* say how and carry the HMAC, *private options* hold the key and are wrapped.
@NullMarked
package dev.realmesh.oci.crypt;

import org.jspecify.annotations.NullMarked;
