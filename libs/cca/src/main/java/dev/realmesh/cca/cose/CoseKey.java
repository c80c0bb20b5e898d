// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.cose;

import dev.realmesh.cca.Bytes;
import java.util.Arrays;
import java.util.Optional;

/// A public EC2 key: a point of a NIST curve, whatever it was written as. Whether the point lies on the curve is
/// checked where it becomes a key, by [Signatures#publicKey(CoseKey)].
///
/// @param curve the curve
/// @param x the abscissa, as many bytes as the curve's field
/// @param y the ordinate, likewise
public record CoseKey(EcCurve curve, Bytes x, Bytes y) {
    private static final int KTY = 1;
    private static final int ALG = 3;
    private static final int CRV = -1;
    private static final int X = -2;
    private static final int Y = -3;
    private static final int EC2 = 2;
    private static final int UNCOMPRESSED = 4;

    public CoseKey {
        requireSize("x", x, curve);
        requireSize("y", y, curve);
    }

    /// Reads a COSE_Key (RFC 9052 §7), whose other members may be anything but an `alg` that does not fit the curve.
    ///
    /// @throws CborException if it is no EC2 key of a known curve
    public static CoseKey decode(Bytes encoded, CborLimits limits) {
        CborMap map = CborValue.decode(encoded, limits).asMap("COSE_Key");
        long type = map.get(KTY, "COSE_Key kty").asLong("COSE_Key kty");
        if (type != EC2) {
            throw new CborException.Unexpected("COSE_Key kty", Long.toString(type), "2");
        }
        EcCurve curve = EcCurve.ofLabel(map.get(CRV, "COSE_Key crv").asLong("COSE_Key crv"));
        Optional<CborValue> algorithm = map.find(ALG);
        if (algorithm.isPresent()
                && algorithm.get().asLong("COSE_Key alg") != curve.algorithm().label()) {
            throw new CborException.Unexpected("COSE_Key alg", "another curve's", curve.algorithm() + " for " + curve);
        }
        return new CoseKey(
                curve,
                map.get(X, "COSE_Key x").asBytes("COSE_Key x"),
                map.get(Y, "COSE_Key y").asBytes("COSE_Key y"));
    }

    /// Reads an uncompressed point, `04 ‖ x ‖ y`, of the curve that has its size.
    ///
    /// @throws CborException.Unexpected if it is none
    public static CoseKey ofPoint(EcCurve curve, Bytes point) {
        int size = 1 + 2 * curve.fieldBytes();
        if (point.size() != size || point.at(0) != UNCOMPRESSED) {
            throw new CborException.Unexpected(
                    "EC point", point.size() + " bytes", size + " bytes, the first one 4, for " + curve);
        }
        byte[] raw = point.toByteArray();
        int middle = 1 + curve.fieldBytes();
        return new CoseKey(curve, Bytes.copyOfRange(raw, 1, middle), Bytes.copyOfRange(raw, middle, size));
    }

    /// The COSE_Key with nothing but type, curve and point, in this order: 107 bytes for P-384.
    public Bytes encode() {
        return CborMap.builder()
                .put(KTY, CborValue.of(EC2))
                .put(CRV, CborValue.of(curve.label()))
                .put(X, CborValue.of(x))
                .put(Y, CborValue.of(y))
                .build()
                .encode();
    }

    /// The uncompressed point, `04 ‖ x ‖ y`.
    public Bytes point() {
        byte[] point = Arrays.copyOf(new byte[] {UNCOMPRESSED}, 1 + 2 * curve.fieldBytes());
        System.arraycopy(x.toByteArray(), 0, point, 1, curve.fieldBytes());
        System.arraycopy(y.toByteArray(), 0, point, 1 + curve.fieldBytes(), curve.fieldBytes());
        return Bytes.copyOf(point);
    }

    private static void requireSize(String what, Bytes coordinate, EcCurve curve) {
        if (coordinate.size() != curve.fieldBytes()) {
            throw new CborException.Unexpected(
                    "COSE_Key " + what, coordinate.size() + " bytes", curve.fieldBytes() + " for " + curve);
        }
    }
}
