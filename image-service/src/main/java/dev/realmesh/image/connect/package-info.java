// SPDX-License-Identifier: Apache-2.0

/// Connections of Realms to hosts outside, as the operator allows them. What goes over them is TLS from inside a Realm.
/// Start at [dev.realmesh.image.connect.Outbound].
@NullMarked
package dev.realmesh.image.connect;

import org.jspecify.annotations.NullMarked;
