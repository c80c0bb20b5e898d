// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.signature;

import java.util.Optional;

/// A statement and somebody's signature of it; neither is believed before a [VerificationKey] says so.
public final class CosignSignature {
    private final StatementForm form;
    private final byte[] payload;
    private final byte[] signature;

    /// @param form how the payload is written
    /// @param payload the statement as it was signed
    /// @param signature ECDSA in ASN.1, RSA, or Ed25519
    public CosignSignature(StatementForm form, byte[] payload, byte[] signature) {
        this.form = form;
        this.payload = payload.clone();
        this.signature = signature.clone();
    }

    /// The statement's bytes.
    public byte[] payload() {
        return payload.clone();
    }

    /// What the statement says; absent if it is an attestation of something else about the image.
    ///
    /// @throws dev.realmesh.oci.OciException if it is malformed
    public Optional<ImageStatement> statement() {
        return form.read(payload);
    }

    /// What the signature is of.
    byte[] signedBytes() {
        return form.signedBytes(payload);
    }

    /// The signature.
    public byte[] signature() {
        return signature.clone();
    }
}
