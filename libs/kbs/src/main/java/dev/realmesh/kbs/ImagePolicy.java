// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// Which images a Realm may run. All conditions must hold.
///
/// @param requireEncryption whether each layer must be encrypted, so that only the broker's keys open it;
///     `require-encryption`, default true
/// @param manifestDigests manifests that may run, `sha256:` and 64 hex digits; `manifest-digests`, default empty: any
/// @param signatureKeys public keys (PEM) of which one must have signed the image; `signature-keys`, default empty: no
///     signature is asked for
/// @param securityPolicy a policy.json (containers-policy.json(5)), or `kbs:///repository/type/tag` where key-broker
/// has
///     it; `security-policy`, default absent
public record ImagePolicy(
        boolean requireEncryption,
        List<String> manifestDigests,
        List<String> signatureKeys,
        Optional<String> securityPolicy) {
    /// The default: any image whose layers are encrypted.
    public static final ImagePolicy ENCRYPTED_ONLY = new ImagePolicy(true, List.of(), List.of());

    private static final String WHERE = RealmSettings.NAME + " image-policy";
    private static final Set<String> KEYS =
            Set.of("require-encryption", "manifest-digests", "signature-keys", "security-policy");
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}");
    private static final int MAX_ENTRIES = 256;

    /// Without a policy.json.
    public ImagePolicy(boolean requireEncryption, List<String> manifestDigests, List<String> signatureKeys) {
        this(requireEncryption, manifestDigests, signatureKeys, Optional.empty());
    }

    public ImagePolicy {
        manifestDigests = List.copyOf(manifestDigests);
        signatureKeys = List.copyOf(signatureKeys);
        if (manifestDigests.size() > MAX_ENTRIES || signatureKeys.size() > MAX_ENTRIES) {
            throw new KbsException.Malformed(WHERE, "too long a list (expected: at most " + MAX_ENTRIES + ")");
        }
        if (!manifestDigests.stream().allMatch(digest -> DIGEST.matcher(digest).matches())) {
            throw new KbsException.Malformed(
                    WHERE + " manifest-digests", "no digest (expected: sha256:<64 hex digits>)");
        }
        if (!signatureKeys.stream().allMatch(key -> key.startsWith("-----BEGIN PUBLIC KEY-----"))) {
            throw new KbsException.Malformed(WHERE + " signature-keys", "no key (expected: PUBLIC KEY in PEM)");
        }
        if (securityPolicy.filter(policy -> !isJson(policy)).isPresent()) {
            securityPolicy.map(ResourceUri::parse);
        }
    }

    static ImagePolicy read(ObjectNode table) {
        BoundedToml.requireKnown(WHERE, table, KEYS);
        return new ImagePolicy(
                BoundedToml.flag(WHERE, table, "require-encryption", true),
                BoundedToml.texts(WHERE, table, "manifest-digests"),
                BoundedToml.texts(WHERE, table, "signature-keys"),
                BoundedToml.text(WHERE, table, "security-policy"));
    }

    /// Where the policy.json is, if it is not here itself.
    public Optional<ResourceUri> securityPolicyUri() {
        return securityPolicy.filter(policy -> !isJson(policy)).map(ResourceUri::parse);
    }

    private static boolean isJson(String policy) {
        return policy.stripLeading().startsWith("{");
    }

    String toToml() {
        return "require-encryption = " + requireEncryption
                + "\nmanifest-digests = " + BoundedToml.array(manifestDigests)
                + "\nsignature-keys = " + BoundedToml.array(signatureKeys) + "\n"
                + securityPolicy
                        .map(policy -> "security-policy = " + BoundedToml.string(policy) + "\n")
                        .orElse("");
    }
}
