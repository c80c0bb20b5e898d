// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.cose;

/// The NIST prime curves, as COSE numbers them (RFC 9053 §7.1).
public enum EcCurve {
    P256(1, "secp256r1", 32, CoseAlgorithm.ES256),
    P384(2, "secp384r1", 48, CoseAlgorithm.ES384),
    P521(3, "secp521r1", 66, CoseAlgorithm.ES512);

    private final int label;
    private final String standardName;
    private final int fieldBytes;
    private final CoseAlgorithm algorithm;

    EcCurve(int label, String standardName, int fieldBytes, CoseAlgorithm algorithm) {
        this.label = label;
        this.standardName = standardName;
        this.fieldBytes = fieldBytes;
        this.algorithm = algorithm;
    }

    /// The curve of a COSE number.
    ///
    /// @throws CborException.Unexpected if it is none of these
    public static EcCurve ofLabel(long label) {
        for (EcCurve curve : values()) {
            if (curve.label == label) {
                return curve;
            }
        }
        throw new CborException.Unexpected("COSE curve", Long.toString(label), "1, 2 or 3");
    }

    /// The COSE number.
    public int label() {
        return label;
    }

    /// Name in SEC 2 and in the JCA.
    public String standardName() {
        return standardName;
    }

    /// Size of a coordinate, in bytes; a signature is twice that.
    public int fieldBytes() {
        return fieldBytes;
    }

    /// The algorithm whose hash fits the curve.
    public CoseAlgorithm algorithm() {
        return algorithm;
    }
}
