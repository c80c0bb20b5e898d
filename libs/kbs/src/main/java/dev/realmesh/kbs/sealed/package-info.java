// SPDX-License-Identifier: Apache-2.0

/// Sealed secrets of Confidential Containers: a signed text that stands where a secret belongs, and says where a guest
/// gets it. [dev.realmesh.kbs.sealed.SealedSecret] reads one, [dev.realmesh.kbs.sealed.Unseal] opens it.
@NullMarked
package dev.realmesh.kbs.sealed;

import org.jspecify.annotations.NullMarked;
