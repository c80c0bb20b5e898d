// SPDX-License-Identifier: Apache-2.0

/// Which implementation of cryptography is used for what.
@NullMarked
package dev.realmesh.crypto;

import org.jspecify.annotations.NullMarked;
