// SPDX-License-Identifier: Apache-2.0

/// Turns an image's layers into a root file system. A layer may be hostile: no entry reaches outside the root, and
/// bytes, entries, paths and expansion are bounded. The tree is built beside its place and moved there only after
/// every digest and HMAC was right; on any failure nothing of it stays.
///
/// Start at [dev.realmesh.oci.unpack.UnpackImage].
///
/// Limits, on purpose: extended attributes are applied that are the image's to set, `user.*`, file capabilities and
/// access control lists; device nodes are left out unless [dev.realmesh.oci.unpack.UnpackPolicy] says otherwise;
/// ownership is applied where the process may do so, else the file stays its own and loses set-user-id and set-group-id
/// bits and capabilities. The report counts each of them.
@NullMarked
package dev.realmesh.oci.unpack;

import org.jspecify.annotations.NullMarked;
