// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.cose;

/// ECDSA signature algorithms of COSE (RFC 9053 §2.1). The number fixes the hash; the curve is the key's.
public enum CoseAlgorithm {
    ES256(-7, "SHA-256"),
    ES384(-35, "SHA-384"),
    ES512(-36, "SHA-512");

    private final int label;
    private final String digest;

    CoseAlgorithm(int label, String digest) {
        this.label = label;
        this.digest = digest;
    }

    /// The algorithm of a COSE number.
    ///
    /// @throws CborException.Unexpected if it is none of these
    public static CoseAlgorithm ofLabel(long label) {
        for (CoseAlgorithm algorithm : values()) {
            if (algorithm.label == label) {
                return algorithm;
            }
        }
        throw new CborException.Unexpected("COSE algorithm", Long.toString(label), "-7, -35 or -36");
    }

    /// The COSE number.
    public int label() {
        return label;
    }

    /// Name of the hash function in the JCA.
    public String digest() {
        return digest;
    }
}
