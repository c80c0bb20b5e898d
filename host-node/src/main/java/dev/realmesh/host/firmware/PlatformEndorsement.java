// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.firmware;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.Corim;
import dev.realmesh.cca.corim.CorimProfile;
import dev.realmesh.cca.corim.PlatformReference;
import dev.realmesh.cca.corim.SoftwareReference;
import dev.realmesh.cca.corim.TrustAnchor;
import dev.realmesh.cca.cose.CoseKey;
import dev.realmesh.host.firmware.hes.PlatformIdentity;
import dev.realmesh.host.firmware.image.FirmwareImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// What an endorser says of this emulated platform, computed from the code that boots and from the kept identity, not
/// from a token: reference values and trust anchor.
///
/// @param reference the software that a genuine platform of this build measures, and its configuration
/// @param trustAnchor the key that signs this platform's tokens
public record PlatformEndorsement(PlatformReference reference, TrustAnchor trustAnchor) {
    /// File of the CoRIM.
    public static final String CORIM_FILE = "platform.corim";

    /// File of the trust anchor, in the JSON of the `ccatoken` tools.
    public static final String TRUST_ANCHORS_FILE = "trust-anchors.json";

    /// The endorsement of the platform whose identity `state` keeps; makes the identity if there is none yet.
    ///
    /// @throws FirmwareException if the identity cannot be kept or code cannot be measured
    public static PlatformEndorsement of(Path state) {
        PlatformIdentity identity = PlatformIdentity.open(state);
        return new PlatformEndorsement(
                expectedSoftware(),
                new TrustAnchor(PlatformIdentity.IMPLEMENTATION_ID, identity.instanceId(), identity.publicKey()));
    }

    /// The reference values of every platform of this build.
    ///
    /// @throws FirmwareException if code cannot be measured
    public static PlatformReference expectedSoftware() {
        List<SoftwareReference> components = FirmwareImage.bootOrder().stream()
                .map(FirmwareImage::component)
                .map(component -> SoftwareReference.of(component.type(), component.measurement(), component.signerId()))
                .toList();
        return new PlatformReference(
                PlatformIdentity.IMPLEMENTATION_ID,
                components,
                List.of(PlatformReference.PlatformConfig.exactly(PlatformIdentity.CONFIG)));
    }

    /// The public CPAK as a JWK (RFC 7517), the form that the Rust `ccatoken` takes as `cpak.json`.
    public String cpakJwk() {
        CoseKey key = trustAnchor.key();
        return "{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"%s\",\"y\":\"%s\"}"
                .formatted(base64Url(key.x()), base64Url(key.y()));
    }

    /// The trust anchor store of the Rust `ccatoken` (`tastore.json`) with this platform alone.
    public String trustAnchorStore() {
        return "[{\"pkey\":%s,\"implementation-id\":\"%s\",\"instance-id\":\"%s\"}]"
                .formatted(cpakJwk(), hex(trustAnchor.implementationId()), hex(trustAnchor.instanceId()));
    }

    /// The reference values and the trust anchor as an unsigned CoRIM of the Arm CCA platform profile.
    public Bytes corim() {
        String id = "realmesh-platform-" + hex(trustAnchor.instanceId()).substring(0, 18);
        return Corim.of(id, CorimProfile.PLATFORM, List.of(reference, trustAnchor))
                .encode();
    }

    /// Writes what a verifier needs of this platform, all of it public: [#CORIM_FILE] and [#TRUST_ANCHORS_FILE].
    ///
    /// @throws IOException if they cannot be written
    public void publish(Path folder) throws IOException {
        Files.write(folder.resolve(CORIM_FILE), corim().toByteArray());
        Files.writeString(folder.resolve(TRUST_ANCHORS_FILE), trustAnchorStore());
    }

    private static String base64Url(Bytes bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    private static String hex(Bytes bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
