// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.vault;

import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.keybroker.resource.ResourceException;
import dev.realmesh.keybroker.resource.ResourceRepository;
import io.github.jopenlibs.vault.json.JsonObject;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// KV version 2: versions of each secret, as many as the engine is told to keep.
///
/// @param mount where the engine is
record KvV2(VaultConnection vault, String mount) implements KvEngine {
    @Override
    public Optional<byte[]> read(ResourcePath path) {
        return secret(vault.read(data(path)), path);
    }

    @Override
    public Optional<byte[]> read(ResourcePath path, long version) {
        return secret(vault.read(data(path) + "?version=" + version), path);
    }

    @Override
    public long write(ResourcePath path, byte[] secret) {
        VaultConnection.Answer answer = vault.write(data(path), Map.of(DATA, KvEngine.document(secret)));
        return answer.data().path("version").longValue(0);
    }

    @Override
    public boolean writeNew(ResourcePath path, byte[] secret) {
        Map<String, Object> body = Map.of("options", new JsonObject().add("cas", 0), DATA, KvEngine.document(secret));
        VaultConnection.Answer answer = vault.write(data(path), body);
        if (answer.status() == 400) {
            return false;
        }
        answer.data();
        return true;
    }

    @Override
    public List<ResourceRepository.Version> versions(ResourcePath path) {
        VaultConnection.Answer answer = vault.read(metadata(path));
        if (answer.notThere()) {
            return List.of();
        }
        List<ResourceRepository.Version> kept = new ArrayList<>();
        answer.data().path("versions").forEachEntry((number, version) -> {
            if (isKept(version)) {
                kept.add(new ResourceRepository.Version(Long.parseLong(number), createdAt(version)));
            }
        });
        kept.sort(Comparator.comparingLong(ResourceRepository.Version::number).reversed());
        return List.copyOf(kept);
    }

    @Override
    public boolean delete(ResourcePath path) {
        if (vault.read(metadata(path)).notThere()) {
            return false;
        }
        VaultConnection.Answer answer = vault.delete(metadata(path));
        if (!answer.done()) {
            throw new ResourceException.VaultAway("answers " + answer.status());
        }
        return true;
    }

    @Override
    public List<String> list(String folder) {
        return KvEngine.keys(vault.list(mount + "/metadata/" + folder));
    }

    private String data(ResourcePath path) {
        return mount + "/data/" + path;
    }

    private String metadata(ResourcePath path) {
        return mount + "/metadata/" + path;
    }

    /// A version that was deleted is answered with 404, too.
    private static Optional<byte[]> secret(VaultConnection.Answer answer, ResourcePath path) {
        if (answer.notThere()) {
            return Optional.empty();
        }
        if (answer.data().get(DATA) instanceof ObjectNode document) {
            return Optional.of(KvEngine.secret(document, path));
        }
        throw new ResourceException.Unreadable(path.toString());
    }

    private static boolean isKept(JsonNode version) {
        return !version.path("destroyed").booleanValue(false)
                && version.path("deletion_time").asString("").isEmpty();
    }

    private static Instant createdAt(JsonNode version) {
        try {
            return Instant.parse(version.path("created_time").asString(""));
        } catch (DateTimeParseException e) {
            throw new ResourceException.VaultAway("answers what is no KV engine of version 2");
        }
    }
}
