// SPDX-License-Identifier: Apache-2.0

/// The key provider of ocicrypt, as Confidential Containers has it: whoever encrypts an image has the keys of its
/// layers
/// wrapped by a key that the broker holds, and that none but a Realm that attested gets. Start at
/// [dev.realmesh.keybroker.keyprovider.KeyProvider].
@NullMarked
package dev.realmesh.keybroker.keyprovider;

import org.jspecify.annotations.NullMarked;
