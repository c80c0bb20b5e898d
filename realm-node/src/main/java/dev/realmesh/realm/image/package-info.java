// SPDX-License-Identifier: Apache-2.0

/// Images: manifest, configuration and layers, streamed from a host that is not trusted, checked, decrypted and
/// unpacked
/// to the Realm's own memory. Start at [dev.realmesh.realm.image.PullImage].
@NullMarked
package dev.realmesh.realm.image;

import org.jspecify.annotations.NullMarked;
