// SPDX-License-Identifier: Apache-2.0

/// The formats of Arm CCA, without I/O. What every package below shares is here. Start at [dev.realmesh.cca.Bytes].
@NullMarked
package dev.realmesh.cca;

import org.jspecify.annotations.NullMarked;
