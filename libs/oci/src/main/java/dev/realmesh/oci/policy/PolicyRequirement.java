// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.policy;

import dev.realmesh.oci.JsonDocument;
import dev.realmesh.oci.OciException;
import java.util.List;
import java.util.Optional;

/// What an image must meet.
public sealed interface PolicyRequirement {
    /// Nothing.
    record InsecureAcceptAnything() implements PolicyRequirement {}

    /// No image meets it.
    record Reject() implements PolicyRequirement {}

    /// A cosign signature by one of some keys.
    ///
    /// @param keys where they are, or the keys
    /// @param identity the name that must be signed
    record SigstoreSigned(List<Key> keys, SignedIdentity identity) implements PolicyRequirement {
        public SigstoreSigned {
            keys = List.copyOf(keys);
        }
    }

    /// What is understood and not met by any image.
    ///
    /// @param why for people
    record Unmeetable(String why) implements PolicyRequirement {}

    /// A public key.
    sealed interface Key {
        /// Where it is, such as `kbs:///default/cosign-public-key/test`.
        record At(String path) implements Key {}

        /// The PEM.
        record Pem(String text) implements Key {}
    }

    /// Reads one.
    ///
    /// @throws OciException if it is of no known type
    static PolicyRequirement read(JsonDocument json) {
        String type = json.text("type");
        return switch (type) {
            case "insecureAcceptAnything" -> new InsecureAcceptAnything();
            case "reject" -> new Reject();
            case "sigstoreSigned" -> sigstoreSigned(json);
            case "signedBy" ->
                new Unmeetable("signedBy: GPG signatures are not checked here (expected: sigstoreSigned)");
            default ->
                throw new OciException.Unsupported("policy requirement: " + type
                        + " (expected: insecureAcceptAnything, reject, sigstoreSigned or signedBy)");
        };
    }

    private static PolicyRequirement sigstoreSigned(JsonDocument json) {
        Optional<Key> at = json.optionalText("keyPath").map(Key.At::new);
        Optional<Key> pem = json.optionalText("keyData").map(Key.Pem::new);
        if (at.isPresent() == pem.isPresent()) {
            return new Unmeetable("sigstoreSigned: " + (at.isPresent() ? "keyPath and keyData" : "no key")
                    + " (expected: one of keyPath and keyData)");
        }
        SignedIdentity identity =
                json.optionalObject("signedIdentity").map(SignedIdentity::read).orElseGet(SignedIdentity.Any::new);
        return new SigstoreSigned(List.of(at.or(() -> pem).orElseThrow()), identity);
    }
}
