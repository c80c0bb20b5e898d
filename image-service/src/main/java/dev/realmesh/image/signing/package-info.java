// SPDX-License-Identifier: Apache-2.0

/// Signs images.
@NullMarked
package dev.realmesh.image.signing;

import org.jspecify.annotations.NullMarked;
