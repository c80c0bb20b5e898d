// SPDX-License-Identifier: Apache-2.0

/// Secrets at rest: each in an envelope of its own, whose key is wrapped by the broker's master key. Start at
/// [dev.realmesh.keybroker.resource.ResourceRepository].
@NullMarked
package dev.realmesh.keybroker.resource;

import org.jspecify.annotations.NullMarked;
