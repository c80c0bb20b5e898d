// SPDX-License-Identifier: Apache-2.0

/// Images as a folder: the OCI image layout, which skopeo, umoci and others read and write. Start at
/// [dev.realmesh.oci.layout.OciLayout].
@NullMarked
package dev.realmesh.oci.layout;

import org.jspecify.annotations.NullMarked;
