// SPDX-License-Identifier: Apache-2.0

/// Who administers the broker: by its admin token, or by a JWT of a configured issuer, whose role says what it may do.
/// Start at [dev.realmesh.keybroker.admin.Administrators].
@NullMarked
package dev.realmesh.keybroker.admin;

import org.jspecify.annotations.NullMarked;
