// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.resource;

import dev.realmesh.kbs.ResourcePath;

/// A version of a secret as it is stored.
///
/// @param version 1 and up
/// @param masterKeyId which master key wraps the envelope's
record StoredResource(ResourcePath path, long version, String masterKeyId, Envelope envelope) {}
