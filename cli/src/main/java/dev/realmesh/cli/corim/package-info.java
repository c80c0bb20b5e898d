// SPDX-License-Identifier: Apache-2.0

/// `realmesh corim`: reference values for verifiers. Start at [dev.realmesh.cli.corim.CorimCommand].
@NullMarked
package dev.realmesh.cli.corim;

import org.jspecify.annotations.NullMarked;
