// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.signature;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// How a statement is written, and which bytes are signed.
public enum StatementForm {
    /// [SimpleSigning]: the payload is signed as it is.
    SIMPLE_SIGNING {
        @Override
        byte[] signedBytes(byte[] payload) {
            return payload;
        }

        @Override
        Optional<ImageStatement> read(byte[] payload) {
            return Optional.of(SimpleSigning.parse(payload));
        }
    },

    /// [InTotoStatement]: signed with its type and length before it (DSSE 1.0, "Signature Definition").
    IN_TOTO {
        @Override
        byte[] signedBytes(byte[] payload) {
            String before =
                    "DSSEv1 " + InTotoStatement.TYPE.length() + " " + InTotoStatement.TYPE + " " + payload.length + " ";
            byte[] header = before.getBytes(StandardCharsets.US_ASCII);
            byte[] signed = new byte[header.length + payload.length];
            System.arraycopy(header, 0, signed, 0, header.length);
            System.arraycopy(payload, 0, signed, header.length, payload.length);
            return signed;
        }

        @Override
        Optional<ImageStatement> read(byte[] payload) {
            return InTotoStatement.parse(payload).map(ImageStatement.class::cast);
        }
    };

    /// What of a payload is signed.
    abstract byte[] signedBytes(byte[] payload);

    /// What a payload says; absent if it is something else than that an image is signed.
    ///
    /// @throws OciException if it is malformed
    abstract Optional<ImageStatement> read(byte[] payload);
}
