// SPDX-License-Identifier: Apache-2.0

/// Turns an image's layers into a root file system. A layer may be hostile: no entry reaches outside the root, and
/// bytes, entries, paths and expansion are bounded. The tree is built beside its place and moved there only after
/// every digest and HMAC was right; on any failure nothing of it stays.
///
/// Start at [dev.realmesh.oci.unpack.UnpackImage].
///
/// Limits, on purpose: extended attributes are not applied; device nodes and FIFOs are left out and counted; ownership
/// is applied where the
/// process may do so, else the file stays its own, loses set-user-id and set-group-id bits and is counted.
@NullMarked
package dev.realmesh.oci.unpack;

import org.jspecify.annotations.NullMarked;
