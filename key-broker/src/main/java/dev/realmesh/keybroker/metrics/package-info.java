// SPDX-License-Identifier: Apache-2.0

/// What a broker counts, by the names of Trustee's KBS.
@NullMarked
package dev.realmesh.keybroker.metrics;

import org.jspecify.annotations.NullMarked;
