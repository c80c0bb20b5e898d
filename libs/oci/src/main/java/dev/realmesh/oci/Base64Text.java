// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci;

import java.util.Base64;

/// Base64 of annotations: RFC 4648 section 4, with padding.
public final class Base64Text {
    private Base64Text() {}

    /// Decodes text from outside.
    ///
    /// @throws OciException.Malformed naming `what` if it is not base64
    public static byte[] decode(String what, String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new OciException.Malformed(what + ": not base64 (expected: RFC 4648 section 4)", e);
        }
    }

    /// Encodes bytes.
    public static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
