// SPDX-License-Identifier: Apache-2.0

/// Which images may run: containers-policy.json(5), the part of it that Confidential Containers have.
@NullMarked
package dev.realmesh.oci.policy;

import org.jspecify.annotations.NullMarked;
