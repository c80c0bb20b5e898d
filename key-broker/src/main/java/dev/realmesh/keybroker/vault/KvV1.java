// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.vault;

import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.keybroker.resource.ResourceException;
import dev.realmesh.keybroker.resource.ResourceRepository;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// KV version 1: what is written takes the place of what was there.
///
/// @param mount where the engine is
record KvV1(VaultConnection vault, String mount) implements KvEngine {
    @Override
    public Optional<byte[]> read(ResourcePath path) {
        VaultConnection.Answer answer = vault.read(at(path));
        return answer.notThere() ? Optional.empty() : Optional.of(KvEngine.secret(answer.data(), path));
    }

    @Override
    public Optional<byte[]> read(ResourcePath path, long version) {
        throw new ResourceException.NoVersions();
    }

    @Override
    public long write(ResourcePath path, byte[] secret) {
        requireDone(vault.write(at(path), Map.of(DATA, KvEngine.document(secret).get(DATA))));
        return 0;
    }

    /// This engine has no check-and-set: the caller lets no two do this at once.
    @Override
    public boolean writeNew(ResourcePath path, byte[] secret) {
        if (!vault.read(at(path)).notThere()) {
            return false;
        }
        write(path, secret);
        return true;
    }

    @Override
    public List<ResourceRepository.Version> versions(ResourcePath path) {
        throw new ResourceException.NoVersions();
    }

    @Override
    public boolean delete(ResourcePath path) {
        if (vault.read(at(path)).notThere()) {
            return false;
        }
        requireDone(vault.delete(at(path)));
        return true;
    }

    @Override
    public List<String> list(String folder) {
        return KvEngine.keys(vault.list(mount + "/" + folder));
    }

    private String at(ResourcePath path) {
        return mount + "/" + path;
    }

    private static void requireDone(VaultConnection.Answer answer) {
        if (!answer.done()) {
            throw new ResourceException.VaultAway("answers " + answer.status());
        }
    }
}
