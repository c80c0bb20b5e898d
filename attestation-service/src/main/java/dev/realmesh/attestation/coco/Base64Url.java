// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.coco;

import dev.realmesh.cca.Bytes;
import java.util.Base64;

/// Base64 of the URL alphabet without padding (RFC 4648 section 5), as all binary fields of the API are.
final class Base64Url {
    private Base64Url() {}

    /// @param field its name, for the message
    /// @throws CocoException.Malformed if `text` is something else, or longer than `maxBytes` need
    static Bytes decode(String field, String text, int maxBytes) {
        if (text.length() > (maxBytes * 4L + 2) / 3) {
            throw new CocoException.Malformed(field + ": " + text.length()
                    + " characters (expected: base64url of at most " + maxBytes + " bytes)");
        }
        if (text.indexOf('=') < 0) {
            try {
                return Bytes.copyOf(Base64.getUrlDecoder().decode(text));
            } catch (IllegalArgumentException ignored) {
                // The decoder's message tells the value.
            }
        }
        throw new CocoException.Malformed(field + ": not base64url (expected: its alphabet, without padding)");
    }
}
