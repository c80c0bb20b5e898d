// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs.sealed;

import dev.realmesh.kbs.BoundedJson;
import dev.realmesh.kbs.KbsException;
import dev.realmesh.kbs.ResourceUri;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the payload of a sealed secret says, version 0.1.0.
sealed interface SecretPlace {
    /// The only version.
    String VERSION = "0.1.0";

    /// Members of a vault, all required.
    Set<String> VAULT = Set.of("version", "type", "name", "provider", "provider_settings", "annotations");

    /// Members of an envelope, all required.
    Set<String> ENVELOPE = Set.of(
            "version",
            "type",
            "provider",
            "key_id",
            "encrypted_key",
            "encrypted_data",
            "wrap_type",
            "iv",
            "provider_settings",
            "annotations");

    /// A secret that a provider keeps.
    ///
    /// @param name the resource that is the secret
    record Vault(ResourceUri name) implements SecretPlace {}

    /// A secret that is here, under a data key that is here too, under a key that a provider keeps.
    ///
    /// @param provider who keeps it, lower case
    /// @param keyId the resource that is that key
    /// @param wrappedKey the data key: AES-256-GCM under it
    /// @param data the secret: AES-256-GCM under the data key
    record Envelope(String provider, ResourceUri keyId, Ciphertext wrappedKey, Ciphertext data)
            implements SecretPlace {}

    /// Reads a payload.
    ///
    /// @throws SealedSecretException.Malformed if a member is missing, unknown or of another kind
    /// @throws SealedSecretException.Unsupported if the version, the provider or the wrapping is another
    static SecretPlace parse(byte[] payload) {
        ObjectNode json = json(payload);
        String version = text(json, "version");
        if (!version.equals(VERSION)) {
            throw new SealedSecretException.Unsupported("another version (expected: " + VERSION + ")");
        }
        return switch (text(json, "type")) {
            case "vault" -> vault(json);
            case "envelope" -> envelope(json);
            default -> throw new SealedSecretException.Malformed("another type (expected: vault or envelope)");
        };
    }

    private static Vault vault(ObjectNode json) {
        requireMembers(json, VAULT);
        if (!text(json, "provider").toLowerCase(Locale.ROOT).equals("kbs")) {
            throw new SealedSecretException.Unsupported("another provider of vaults (expected: kbs)");
        }
        return new Vault(uri(json, "name"));
    }

    private static Envelope envelope(ObjectNode json) {
        requireMembers(json, ENVELOPE);
        if (!text(json, "wrap_type").equals("A256GCM")) {
            throw new SealedSecretException.Unsupported("another wrap_type (expected: A256GCM)");
        }
        return new Envelope(
                text(json, "provider").toLowerCase(Locale.ROOT),
                uri(json, "key_id"),
                new Ciphertext(base64(json.path("annotations"), "iv"), base64(json, "encrypted_key")),
                new Ciphertext(base64(json, "iv"), base64(json, "encrypted_data")));
    }

    private static ObjectNode json(byte[] payload) {
        try {
            return BoundedJson.object("payload", payload, SealedSecret.MAX_CHARACTERS);
        } catch (KbsException.Malformed e) {
            throw new SealedSecretException.Malformed(String.valueOf(e.getMessage()));
        }
    }

    private static ResourceUri uri(ObjectNode json, String member) {
        try {
            return ResourceUri.parse(text(json, member));
        } catch (KbsException.Malformed e) {
            throw new SealedSecretException.Malformed(member + ": " + e.getMessage());
        }
    }

    private static void requireMembers(ObjectNode json, Set<String> members) {
        boolean complete = Set.copyOf(json.propertyNames()).equals(members);
        if (!complete
                || !json.path("provider_settings").isObject()
                || !json.path("annotations").isObject()) {
            throw new SealedSecretException.Malformed(
                    "other members (expected: " + String.join(", ", new TreeSet<>(members)) + ")");
        }
    }

    private static String text(JsonNode json, String member) {
        JsonNode value = json.path(member);
        if (!value.isString()) {
            throw new SealedSecretException.Malformed(member + ": missing or no string (expected: a string)");
        }
        return value.stringValue();
    }

    private static byte[] base64(JsonNode json, String member) {
        try {
            return Base64.getDecoder().decode(text(json, member));
        } catch (IllegalArgumentException e) {
            throw new SealedSecretException.Malformed(member + ": not base64 (expected: the standard alphabet)");
        }
    }
}
