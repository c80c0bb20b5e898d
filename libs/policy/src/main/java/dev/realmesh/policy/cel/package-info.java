// SPDX-License-Identifier: Apache-2.0

/// Conditions in CEL, evaluated in this process. Start at [dev.realmesh.policy.cel.CelConditions].
@NullMarked
package dev.realmesh.policy.cel;

import org.jspecify.annotations.NullMarked;
