// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.policy;

import dev.realmesh.oci.JsonDocument;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import java.util.Optional;

/// Which name a signature must be for. cosign signs names without tags, so what asks for a tag is refused where the
/// policy is read, and not when an image of it is.
public sealed interface SignedIdentity {
    /// Any name.
    record Any() implements SignedIdentity {}

    /// The image's own repository: `matchRepository`.
    record MatchRepository() implements SignedIdentity {}

    /// Another repository: `exactRepository`.
    ///
    /// @param dockerRepository `host/repository`
    record ExactRepository(String dockerRepository) implements SignedIdentity {}

    /// Reads one.
    ///
    /// @throws OciException.Unsupported if it is of another kind
    static SignedIdentity read(JsonDocument json) {
        String type = json.text("type");
        return switch (type) {
            case "matchRepository" -> new MatchRepository();
            case "exactRepository" -> new ExactRepository(json.text("dockerRepository"));
            default ->
                throw new OciException.Unsupported("signedIdentity: " + type
                        + " (expected: matchRepository or exactRepository, as cosign's signatures name no tag)");
        };
    }

    /// Whether a signature for a name is one for the image.
    ///
    /// @param name the name that was signed, `host/repository`; absent: none
    default boolean accepts(Reference image, Optional<String> name) {
        return switch (this) {
            case Any any -> true;
            case MatchRepository own -> name.equals(Optional.of(image.name()));
            case ExactRepository other -> name.equals(Optional.of(other.dockerRepository()));
        };
    }
}
