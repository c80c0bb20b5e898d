// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.frame;

/// What one end of a session takes from the other; announced in CONNECT and ACCEPT, binding for the other's
/// sends.
///
/// @param maxStreams streams that may be open at once, 0 to 65 536; an end that serves nothing says 0
/// @param streamWindow bytes of DATA that may be unread in one stream, 16 KiB to 64 MiB
/// @param sessionWindow bytes of DATA that may be unread in all streams, `streamWindow` to 1 GiB
/// @param maxData longest DATA frame, 4 KiB to 256 KiB
/// @param maxMetadata most metadata in a HEADERS or TRAILERS frame, in bytes as [MetadataBlock#size] counts,
///     1 KiB to 64 KiB
public record Settings(int maxStreams, int streamWindow, int sessionWindow, int maxData, int maxMetadata) {
    /// No end may announce a longer DATA frame.
    public static final int MAX_DATA = 256 << 10;

    /// No end may announce more metadata.
    public static final int MAX_METADATA = 64 << 10;

    public Settings {
        check("max-streams", maxStreams, 0, 65_536);
        check("stream-window", streamWindow, 16 << 10, 64 << 20);
        check("session-window", sessionWindow, streamWindow, 1 << 30);
        check("max-data", maxData, 4 << 10, MAX_DATA);
        check("max-metadata", maxMetadata, 1 << 10, MAX_METADATA);
    }

    /// Between nodes of a mesh.
    public static Settings ofMesh() {
        return new Settings(4096, 1 << 20, 16 << 20, MAX_DATA, 8 << 10);
    }

    private static void check(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new FrameException(name + ": " + value + " (expected: " + least + "-" + most + ")");
        }
    }
}
