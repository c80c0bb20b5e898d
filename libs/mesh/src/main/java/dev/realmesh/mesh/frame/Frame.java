// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.frame;

/// The unit of the protocol. Frames are never changed after they are made: on one machine the receiver gets the
/// sender's own objects.
public sealed interface Frame {
    /// The protocol's version, and the only one so far.
    int VERSION = 1;

    /// The code of the frame's type on the wire.
    byte type();

    /// The stream that it belongs to; 0 for the session as a whole.
    default int stream() {
        return 0;
    }

    /// A frame of one stream.
    sealed interface OfStream extends Frame {
        @Override
        int stream();
    }

    /// The client asks for a session. First frame of its direction.
    ///
    /// @param minVersion oldest version that the client speaks
    /// @param maxVersion newest version that the client speaks
    /// @param settings what the client takes
    /// @param node the client's node, as its cluster knows it; empty outside a cluster
    /// @param replyTo address for the server's packets; empty where the carrier is one wire
    record Connect(int minVersion, int maxVersion, Settings settings, String node, String replyTo) implements Frame {
        static final byte TYPE = 1;

        /// A client of this version.
        public static Connect of(Settings settings) {
            return new Connect(VERSION, VERSION, settings, "", "");
        }

        /// The same, sent by `node`, to be answered at `replyTo`.
        public Connect from(String node, String replyTo) {
            return new Connect(minVersion, maxVersion, settings, node, replyTo);
        }

        @Override
        public byte type() {
            return TYPE;
        }
    }

    /// The server opens the session. First frame of its direction.
    ///
    /// @param version the version that is spoken
    /// @param settings what the server takes
    /// @param node the server's node; empty outside a cluster
    /// @param replyTo address for the client's packets; empty where the carrier is one wire
    record Accept(int version, Settings settings, String node, String replyTo) implements Frame {
        static final byte TYPE = 2;

        /// The same, sent by `node`, to be answered at `replyTo`.
        public Accept from(String node, String replyTo) {
            return new Accept(version, settings, node, replyTo);
        }

        @Override
        public byte type() {
            return TYPE;
        }
    }

    /// Opens a stream (client), or begins its answer (server; method and authority are empty).
    ///
    /// @param method full method name, `package.Service/Method`
    /// @param authority authority of the call
    record Headers(int stream, String method, String authority, MetadataBlock metadata) implements OfStream {
        static final byte TYPE = 3;

        @Override
        public byte type() {
            return TYPE;
        }
    }

    /// A piece of the stream of length-prefixed messages of gRPC, cut anywhere.
    ///
    /// @param end the client sends no more
    record Data(int stream, Bytes bytes, boolean end) implements OfStream {
        static final byte TYPE = 4;

        @Override
        public byte type() {
            return TYPE;
        }
    }

    /// The server ends the stream; the metadata holds `grpc-status` and `grpc-message`.
    record Trailers(int stream, MetadataBlock metadata) implements OfStream {
        static final byte TYPE = 5;

        @Override
        public byte type() {
            return TYPE;
        }
    }

    /// Either end gives the stream up.
    ///
    /// @param code code of the gRPC status
    /// @param refused the server has done nothing for the stream, so that it may be tried again elsewhere
    /// @param message why; may be empty
    record Reset(int stream, int code, boolean refused, String message) implements OfStream {
        static final byte TYPE = 6;

        @Override
        public byte type() {
            return TYPE;
        }
    }

    /// The receiver has read `bytes` of DATA: so many more may be sent.
    ///
    /// @param stream the stream, or 0 for the session's window
    /// @param bytes 1 to 2³¹ - 1
    record Window(int stream, int bytes) implements Frame {
        static final byte TYPE = 7;

        @Override
        public byte type() {
            return TYPE;
        }
    }

    /// To be sent back at once.
    ///
    /// @param answer this is the one sent back
    /// @param data what the asker knows it by
    record Ping(boolean answer, long data) implements Frame {
        static final byte TYPE = 8;

        @Override
        public byte type() {
            return TYPE;
        }
    }

    /// The sender takes no new streams and ends the session when the open ones are done.
    ///
    /// @param message why; may be empty
    record GoAway(String message) implements Frame {
        static final byte TYPE = 9;

        @Override
        public byte type() {
            return TYPE;
        }
    }

    /// Last frame of a direction: the session is over.
    ///
    /// @param code code of the gRPC status for what was still open; 0 after an orderly end
    /// @param lastStream last stream that the sender has seen; younger ones may be tried again elsewhere
    /// @param message why; may be empty
    record Bye(int code, int lastStream, String message) implements Frame {
        static final byte TYPE = 10;

        @Override
        public byte type() {
            return TYPE;
        }
    }
}
