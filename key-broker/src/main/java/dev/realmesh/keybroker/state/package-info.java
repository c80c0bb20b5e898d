// SPDX-License-Identifier: Apache-2.0

/// The files of a broker: what it makes at its first start and only it may read. Start at
/// [dev.realmesh.keybroker.state.StateFolder].
@NullMarked
package dev.realmesh.keybroker.state;

import org.jspecify.annotations.NullMarked;
