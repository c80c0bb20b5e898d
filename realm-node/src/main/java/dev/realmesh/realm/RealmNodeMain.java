// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm;

import dev.realmesh.realm.boot.RealmBoot;
import dev.realmesh.realm.boot.RealmPlaces;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/// The Realm's only program. Its places are fixed by the sandbox, and its one variable is `REALM_SCRATCH_IPA`: the
/// address,
/// in hex, of a page of Realm memory for the buffers of RSI calls.
public final class RealmNodeMain {
    private static final Path ROOT = Path.of("/");

    private RealmNodeMain() {}

    /// Boots the Realm; returns when it has ended.
    ///
    /// @param arguments none
    public static void main(String[] arguments) {
        boolean orderly =
                new RealmBoot(RealmPlaces.below(ROOT), Map.copyOf(System.getenv()), InstantSource.system()).run();
        System.exit(orderly ? 0 : 1);
    }
}
