// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.transport;

import dev.realmesh.mesh.frame.Bytes;
import dev.realmesh.mesh.frame.Settings;
import io.grpc.internal.ReadableBuffer;
import io.grpc.internal.ReadableBuffers;
import io.grpc.internal.WritableBuffer;
import io.grpc.internal.WritableBufferAllocator;

/// grpc-core's buffers over [Bytes].
final class ByteBuffers {
    private static final int LONGEST = Settings.MAX_DATA;

    private ByteBuffers() {}

    /// Gives what is asked for, so that a message that fits into one frame has an array of its own.
    static final WritableBufferAllocator ALLOCATOR = hint -> new Writable(new byte[Math.min(hint, LONGEST)]);

    static Bytes bytes(WritableBuffer buffer) {
        Writable writable = (Writable) buffer;
        return Bytes.wrap(writable.array, 0, writable.length);
    }

    static ReadableBuffer readable(Bytes bytes) {
        return ReadableBuffers.wrap(bytes.array(), bytes.offset(), bytes.length());
    }

    private static final class Writable implements WritableBuffer {
        private final byte[] array;
        private int length;

        Writable(byte[] array) {
            this.array = array;
        }

        @Override
        public void write(byte[] source, int index, int count) {
            System.arraycopy(source, index, array, length, count);
            length += count;
        }

        @Override
        public void write(byte octet) {
            array[length++] = octet;
        }

        @Override
        public int writableBytes() {
            return array.length - length;
        }

        @Override
        public int readableBytes() {
            return length;
        }

        @Override
        public void release() {}
    }
}
