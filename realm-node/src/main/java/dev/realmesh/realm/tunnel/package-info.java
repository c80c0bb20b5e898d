// SPDX-License-Identifier: Apache-2.0

/// Ways out of the Realm, which has no network: connections that the host makes, for what is TLS from inside here to
/// the
/// other end. Start at [dev.realmesh.realm.tunnel.ConnectProxy].
@NullMarked
package dev.realmesh.realm.tunnel;

import org.jspecify.annotations.NullMarked;
