// SPDX-License-Identifier: Apache-2.0

/// What tests of every module share: recorded vectors, seeds, a clock that stands still. Start at
/// [dev.realmesh.testkit.Vectors].
@NullMarked
package dev.realmesh.testkit;

import org.jspecify.annotations.NullMarked;
