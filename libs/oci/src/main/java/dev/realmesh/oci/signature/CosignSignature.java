// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.signature;

/// A payload and somebody's signature of its bytes; neither is believed before a [VerificationKey] says so.
public final class CosignSignature {
    private final byte[] payload;
    private final byte[] signature;

    /// @param payload a [SimpleSigning] as it was signed
    /// @param signature ECDSA in ASN.1, RSA, or Ed25519
    public CosignSignature(byte[] payload, byte[] signature) {
        this.payload = payload.clone();
        this.signature = signature.clone();
    }

    /// The signed bytes.
    public byte[] payload() {
        return payload.clone();
    }

    /// The signature.
    public byte[] signature() {
        return signature.clone();
    }
}
