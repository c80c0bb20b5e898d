// SPDX-License-Identifier: Apache-2.0

/// The release of a secret to a Realm that attested: policy, look-up, seal, statement. One step, one class:
/// [dev.realmesh.keybroker.release.ReleaseResource].
@NullMarked
package dev.realmesh.keybroker.release;

import org.jspecify.annotations.NullMarked;
