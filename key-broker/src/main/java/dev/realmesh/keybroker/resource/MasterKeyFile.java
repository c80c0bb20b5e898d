// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.resource;

import dev.realmesh.mesh.state.StateFolder;
import java.util.Arrays;

/// The file with the master keys in a broker's state folder.
public final class MasterKeyFile {
    private static final String NAME = "master.key";

    private final StateFolder folder;

    /// The file in a folder, made with a new key if there is none.
    public MasterKeyFile(StateFolder folder) {
        this.folder = folder;
    }

    /// The keys in it.
    ///
    /// @throws dev.realmesh.mesh.state.StateException if others may read it, or it cannot be used
    public MasterKeys keys() {
        return MasterKeys.taking(material());
    }

    /// Puts a new key in front of those that are there.
    void addNew() {
        byte[] old = material();
        byte[] fresh = MasterKey.newMaterial();
        byte[] ring = Arrays.copyOf(fresh, fresh.length + old.length);
        System.arraycopy(old, 0, ring, fresh.length, old.length);
        Arrays.fill(old, (byte) 0);
        Arrays.fill(fresh, (byte) 0);
        folder.replaceSecret(NAME, ring);
    }

    /// Leaves only the key that wraps.
    void dropOlder() {
        byte[] ring = material();
        byte[] current = Arrays.copyOf(ring, AesGcm.KEY_LENGTH);
        boolean older = ring.length > current.length;
        Arrays.fill(ring, (byte) 0);
        if (older) {
            folder.replaceSecret(NAME, current);
        }
    }

    private byte[] material() {
        return folder.secret(NAME, MasterKey::newMaterial);
    }
}
