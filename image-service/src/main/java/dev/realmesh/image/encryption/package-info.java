// SPDX-License-Identifier: Apache-2.0

/// Encrypts images for their recipients. Start at [dev.realmesh.image.encryption.EncryptImage].
@NullMarked
package dev.realmesh.image.encryption;

import org.jspecify.annotations.NullMarked;
