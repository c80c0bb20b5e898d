// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.resource;

import dev.realmesh.mesh.state.StateException;
import dev.realmesh.mesh.state.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// The file with the master keys in a broker's state folder: `master.key`, or `master.key.wrapped` where a key service
/// wraps them.
public final class MasterKeyFile {
    private static final String NAME = "master.key";
    private static final String WRAPPED_NAME = "master.key.wrapped";

    private final StateFolder folder;
    private final Optional<MasterKeyWrapping> wrapping;

    /// The file in a folder, made with a new key if there is none. Keys that were not wrapped until now will be.
    ///
    /// @throws ResourceException.Unreadable if they are wrapped, and `wrapping` is absent
    public MasterKeyFile(StateFolder folder, Optional<MasterKeyWrapping> wrapping) {
        this.folder = folder;
        this.wrapping = wrapping;
        if (wrapping.isEmpty() && Files.exists(folder.file(WRAPPED_NAME))) {
            throw new ResourceException.Unreadable("master key, which is wrapped by a key service,");
        }
        wrapping.ifPresent(this::adopt);
    }

    /// The keys in a file of instances that share them.
    ///
    /// @throws StateException if others may read it, or it is not there
    /// @throws IllegalArgumentException if there are no keys in it
    public static MasterKeys shared(Path file, Optional<MasterKeyWrapping> wrapping) {
        byte[] content = StateFolder.secretIn(file);
        return MasterKeys.taking(wrapping.map(by -> by.unwrap(content)).orElse(content));
    }

    /// The keys in it.
    ///
    /// @throws StateException if others may read it, or it cannot be used
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
        store(ring);
    }

    /// Leaves only the key that wraps.
    void dropOlder() {
        byte[] ring = material();
        byte[] current = Arrays.copyOf(ring, AesGcm.KEY_LENGTH);
        boolean older = ring.length > current.length;
        Arrays.fill(ring, (byte) 0);
        if (older) {
            store(current);
        } else {
            Arrays.fill(current, (byte) 0);
        }
    }

    private byte[] material() {
        return wrapping.map(by -> by.unwrap(folder.secret(WRAPPED_NAME, this::newWrapped)))
                .orElseGet(() -> folder.secret(NAME, MasterKey::newMaterial));
    }

    private void store(byte[] ring) {
        if (wrapping.isEmpty()) {
            folder.replaceSecret(NAME, ring);
            return;
        }
        try {
            folder.replaceSecret(WRAPPED_NAME, wrapping.get().wrap(ring));
        } finally {
            Arrays.fill(ring, (byte) 0);
        }
    }

    /// What is not wrapped goes only when its wrapped form is there and opens.
    private void adopt(MasterKeyWrapping by) {
        byte[] wrapped = folder.secret(WRAPPED_NAME, this::newWrapped);
        Arrays.fill(by.unwrap(wrapped), (byte) 0);
        by.wrappedAnew(wrapped).ifPresent(anew -> folder.replaceSecret(WRAPPED_NAME, anew));
        try {
            Files.deleteIfExists(folder.file(NAME));
        } catch (IOException e) {
            throw new StateException.Unusable(folder.file(NAME), e);
        }
    }

    private byte[] newWrapped() {
        byte[] ring =
                Files.exists(folder.file(NAME)) ? folder.secret(NAME, MasterKey::newMaterial) : MasterKey.newMaterial();
        try {
            return wrapping.orElseThrow().wrap(ring);
        } finally {
            Arrays.fill(ring, (byte) 0);
        }
    }
}
