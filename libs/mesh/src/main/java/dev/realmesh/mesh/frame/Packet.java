// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.frame;

import java.util.List;

/// Frames that travel together. Packets of one direction of a session are numbered from 0: a gap means that the
/// carrier lost one, and ends the session.
///
/// @param sequence number of the packet
/// @param frames at most [#MAX_FRAMES]
public record Packet(long sequence, List<Frame> frames) {
    /// Most frames in a packet.
    public static final int MAX_FRAMES = 1024;

    /// Longest packet on a wire: room for the longest frame behind a packet that was just short of full.
    public static final int MAX_BYTES = 640 << 10;

    /// A sender closes a packet once its frames are this long.
    public static final int FULL_BYTES = 256 << 10;

    public Packet {
        frames = List.copyOf(frames);
    }

    /// A packet of one frame.
    public static Packet of(long sequence, Frame frame) {
        return new Packet(sequence, List.of(frame));
    }
}
