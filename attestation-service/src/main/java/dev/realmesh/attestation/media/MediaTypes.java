// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.media;

import com.google.common.net.MediaType;
import java.util.Optional;

/// Reads media types (RFC 9110, section 8.3.1): type, subtype and names of parameters regardless of case and spaces,
/// the
/// values of parameters as they stand.
public final class MediaTypes {
    /// Longest one that is read, in characters.
    public static final int MAX_CHARACTERS = 256;

    private MediaTypes() {}

    /// The media type that `text` is; nothing if it is none, or too long.
    public static Optional<MediaType> parse(String text) {
        if (text.length() > MAX_CHARACTERS) {
            return Optional.empty();
        }
        try {
            return Optional.of(MediaType.parse(text.strip()));
        } catch (IllegalArgumentException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    /// Whether `text` is the media type `known`.
    ///
    /// @param known one that is written well
    public static boolean isSame(String text, String known) {
        return parse(text).equals(Optional.of(MediaType.parse(known)));
    }
}
