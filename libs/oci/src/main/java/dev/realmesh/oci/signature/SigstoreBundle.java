// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.signature;

import dev.realmesh.oci.Base64Text;
import dev.realmesh.oci.JsonDocument;
import dev.realmesh.oci.OciException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// The file that cosign's version 3 keeps a signature in: a bundle of Sigstore with a DSSE envelope (Sigstore bundle
/// format 0.3). Its entries of logs and its certificates are not looked at: a key that is known is what counts.
public final class SigstoreBundle {
    /// Media type of the file, and artifact type of the manifest that has it as its layer.
    public static final String MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";

    /// Annotation of the manifest with the type of the statement's predicate.
    public static final String PREDICATE_TYPE = "dev.sigstore.bundle.predicateType";

    /// Largest file that is read, in bytes; attestations may be larger, and are not wanted here.
    public static final int MAX_BYTES = 1 << 20;

    private SigstoreBundle() {}

    /// Reads a file; empty if what it has is no signed statement, such as the signature of a file.
    ///
    /// @throws OciException if it is no bundle
    static Optional<CosignSignature> parse(byte[] json) {
        return JsonDocument.parse("signature bundle", json, MAX_BYTES)
                .optionalObject("dsseEnvelope")
                .filter(envelope -> envelope.text("payloadType").equals(InTotoStatement.TYPE))
                .map(SigstoreBundle::signature);
    }

    /// The file for a signature of an [InTotoStatement], without entries of logs.
    public static byte[] toJson(CosignSignature signature) {
        return JsonMapper.shared()
                .writeValueAsBytes(Map.of(
                        "mediaType",
                        MEDIA_TYPE,
                        "verificationMaterial",
                        Map.of("publicKey", Map.of()),
                        "dsseEnvelope",
                        Map.of(
                                "payload",
                                Base64Text.encode(signature.payload()),
                                "payloadType",
                                InTotoStatement.TYPE,
                                "signatures",
                                List.of(Map.of("sig", Base64Text.encode(signature.signature()))))));
    }

    private static CosignSignature signature(JsonDocument envelope) {
        List<JsonDocument> signatures = envelope.objects("signatures");
        if (signatures.size() != 1) {
            throw new OciException.Malformed("signature bundle: " + signatures.size() + " signatures (expected: one)");
        }
        return new CosignSignature(
                StatementForm.IN_TOTO,
                envelope.bytes("payload"),
                signatures.getFirst().bytes("sig"));
    }
}
