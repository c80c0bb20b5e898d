// SPDX-License-Identifier: Apache-2.0

/// What tests of several modules share: recorded vectors, seeds, a registry that answers as told. Start at
/// [dev.realmesh.testkit.Vectors].
@NullMarked
package dev.realmesh.testkit;

import org.jspecify.annotations.NullMarked;
