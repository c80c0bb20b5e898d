// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.vault;

import dev.realmesh.kbs.KbsException;
import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.keybroker.resource.ResourceException;
import dev.realmesh.keybroker.resource.ResourceRepository;
import io.github.jopenlibs.vault.json.JsonArray;
import io.github.jopenlibs.vault.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A KV engine of Vault with secrets as Trustee's Vault backend has them: at `MOUNT/repository/type/tag`, in the key
/// `data`, as an array of numbers; text, which people put there, is read too.
sealed interface KvEngine permits KvV1, KvV2 {
    /// The key that a secret is in.
    String DATA = "data";

    /// The secret as it is now.
    Optional<byte[]> read(ResourcePath path);

    /// An earlier version of it.
    ///
    /// @throws ResourceException.NoVersions if the engine keeps none
    Optional<byte[]> read(ResourcePath path, long version);

    /// Stores it.
    ///
    /// @return its version; 0 where there are none
    long write(ResourcePath path, byte[] secret);

    /// Stores it where there is none, and never was.
    ///
    /// @return whether it did
    boolean writeNew(ResourcePath path, byte[] secret);

    /// The versions that are kept, newest first.
    ///
    /// @throws ResourceException.NoVersions if the engine keeps none
    List<ResourceRepository.Version> versions(ResourcePath path);

    /// Removes it, with all its versions.
    ///
    /// @return whether there was one
    boolean delete(ResourcePath path);

    /// What is directly below a folder, folders with a `/` at the end.
    List<String> list(String folder);

    /// What to write for a secret.
    static JsonObject document(byte[] secret) {
        JsonArray numbers = new JsonArray();
        for (byte each : secret) {
            numbers.add(Byte.toUnsignedInt(each));
        }
        return new JsonObject().add(DATA, numbers);
    }

    /// The secret in what was read.
    ///
    /// @throws ResourceException.Unreadable if there is none in it
    static byte[] secret(ObjectNode document, ResourcePath path) {
        JsonNode value = document.path(DATA);
        byte[] secret = value.isString() ? value.stringValue().getBytes(StandardCharsets.UTF_8) : numbers(value, path);
        if (secret.length > ResourceRepository.MAX_SECRET_BYTES) {
            throw new ResourceException.Unreadable(path.toString());
        }
        return secret;
    }

    private static byte[] numbers(JsonNode array, ResourcePath path) {
        if (!array.isArray()) {
            throw new ResourceException.Unreadable(path.toString());
        }
        byte[] bytes = new byte[array.size()];
        for (int i = 0; i < bytes.length; i++) {
            JsonNode number = array.get(i);
            if (!number.isInt() || number.intValue() < 0 || number.intValue() > 255) {
                throw new ResourceException.Unreadable(path.toString());
            }
            bytes[i] = (byte) number.intValue();
        }
        return bytes;
    }

    /// The names in an answer to a list.
    static List<String> keys(VaultConnection.Answer answer) {
        List<String> keys = new ArrayList<>();
        if (!answer.notThere()) {
            answer.data().path("keys").forEach(key -> keys.add(key.asString()));
        }
        return keys;
    }

    /// All paths of resources, in order: what others keep in the engine beside them is left out.
    default List<ResourcePath> paths() {
        Function<String, List<String>> folders = in -> list(in).stream()
                .filter(name -> name.endsWith("/"))
                .map(in::concat)
                .toList();
        List<ResourcePath> paths = new ArrayList<>();
        for (String repository : folders.apply("")) {
            for (String type : folders.apply(repository)) {
                list(type).stream().filter(name -> !name.endsWith("/")).forEach(tag -> add(paths, type + tag));
            }
        }
        return paths.stream().sorted().toList();
    }

    private static void add(List<ResourcePath> paths, String text) {
        try {
            paths.add(ResourcePath.parse(text));
        } catch (KbsException.Malformed e) {
            // Not ours: no resource has such a name.
        }
    }
}
