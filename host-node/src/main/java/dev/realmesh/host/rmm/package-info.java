// SPDX-License-Identifier: Apache-2.0

/// The Realm Management Monitor: RMI for the untrusted host, RSI and PSCI for Realms, as DEN0137 1.0 says. The host
/// enters at [dev.realmesh.host.rmm.RmiEntry] and sees nothing else of this package and those below it.
@NullMarked
package dev.realmesh.host.rmm;

import org.jspecify.annotations.NullMarked;
