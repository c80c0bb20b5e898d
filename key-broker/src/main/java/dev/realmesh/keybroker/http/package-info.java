// SPDX-License-Identifier: Apache-2.0

/// The KBS protocol 0.4.0 over HTTP, as Trustee's KBS serves it to guests and administrators. Start at
/// [dev.realmesh.keybroker.http.KbsServer].
@NullMarked
package dev.realmesh.keybroker.http;

import org.jspecify.annotations.NullMarked;
