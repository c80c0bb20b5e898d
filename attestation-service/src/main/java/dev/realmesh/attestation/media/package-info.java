// SPDX-License-Identifier: Apache-2.0
/// Media types, as clients write them.
@NullMarked
package dev.realmesh.attestation.media;

import org.jspecify.annotations.NullMarked;
