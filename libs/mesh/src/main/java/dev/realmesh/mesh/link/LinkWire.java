// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.link;

import dev.realmesh.mesh.frame.Bytes;
import dev.realmesh.mesh.frame.FrameException;
import dev.realmesh.mesh.frame.Packet;
import dev.realmesh.mesh.frame.PacketReader;
import dev.realmesh.mesh.frame.PacketWriter;
import io.grpc.Status;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// Packets on a Unix socket: `u32 length, u8 lane, packet`, where length counts lane and packet. Lane 0 holds the
/// session in which the guest calls, lane 1 that in which the host calls.
///
/// One virtual thread reads, one writes; plain NIO, so that a guest needs neither Netty nor its native transports.
/// What the peer may make this end hold is bounded: one packet while it is read, [#IN_FLIGHT] packets that wait
/// for the loop, and the limits' unsent bytes.
final class LinkWire {
    /// The guest is the client.
    static final int GUEST_CALLS = 0;

    /// The host is the client.
    static final int HOST_CALLS = 1;

    private static final int IN_FLIGHT = 16;
    private static final int STUCK_SECONDS = 30;
    private static final int GATHER = 32;
    private static final int CLOSE_MILLIS = 1000;

    private final SocketChannel socket;
    private final LinkLoop loop;
    private final LinkLimits limits;
    private final Events events;
    private final TokenBucket frames;
    private final Semaphore inFlight = new Semaphore(IN_FLIGHT);
    private final BlockingQueue<Outgoing> unsent = new LinkedBlockingQueue<>();
    private final AtomicLong unsentBytes = new AtomicLong();
    private final AtomicBoolean closing = new AtomicBoolean();

    /// A packet to write, or the end of them.
    private record Outgoing(ByteBuffer bytes, boolean last) {}

    /// What comes of a wire; called on the loop.
    interface Events {
        void received(int lane, Packet packet);

        /// The wire is of no more use.
        void lost(Status why);
    }

    LinkWire(SocketChannel socket, LinkLoop loop, LinkLimits limits, Events events) {
        this.socket = socket;
        this.loop = loop;
        this.limits = limits;
        this.events = events;
        this.frames = new TokenBucket(limits.framesPerSecond(), System::nanoTime);
    }

    void start(String name) {
        Thread.ofVirtual().name(name + "-read").start(this::read);
        Thread.ofVirtual().name(name + "-write").start(this::write);
    }

    void send(int lane, Packet packet) {
        byte[] bytes = PacketWriter.write(packet);
        ByteBuffer out = ByteBuffer.allocate(5 + bytes.length);
        out.putInt(1 + bytes.length).put((byte) lane).put(bytes).flip();
        if (unsentBytes.addAndGet(out.remaining()) > limits.maxUnsentBytes()) {
            abort();
            lost(Status.UNAVAILABLE.withDescription("peer does not read: over " + limits.maxUnsentBytes() + " bytes"));
            return;
        }
        if (!closing.get()) {
            unsent.add(new Outgoing(out, false));
        }
    }

    /// Sends what is left, for a moment, and closes the socket.
    void close() {
        if (closing.compareAndSet(false, true)) {
            unsent.add(new Outgoing(ByteBuffer.allocate(0), true));
            Thread.ofVirtual().name("link-close").start(() -> {
                if (sleep(TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS))) {
                    abort();
                }
            });
        }
    }

    private void read() {
        try {
            while (true) {
                readPacket(ByteBuffer.wrap(take(4)).getInt());
            }
        } catch (FrameException e) {
            lost(Status.INTERNAL.withDescription("link: " + e.getMessage()));
        } catch (EOFException e) {
            lost(Status.UNAVAILABLE.withDescription("peer closed the link"));
        } catch (IOException e) {
            lost(Status.UNAVAILABLE.withDescription("link broke").withCause(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void readPacket(int length) throws IOException, InterruptedException {
        if (length < 1 || length > Packet.MAX_BYTES + 1) {
            throw new FrameException("length: " + length + " (expected: 1-" + (Packet.MAX_BYTES + 1) + ")");
        }
        byte[] body = take(length);
        int lane = body[0];
        if (lane != GUEST_CALLS && lane != HOST_CALLS) {
            throw new FrameException("lane: " + lane + " (expected: 0 or 1)");
        }
        Packet packet = PacketReader.read(Bytes.wrap(body, 1, length - 1));
        sleep(frames.take(packet.frames().size()));
        if (!inFlight.tryAcquire(STUCK_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("loop: stuck for " + STUCK_SECONDS + " s");
        }
        loop.execute(() -> {
            try {
                events.received(lane, packet);
            } finally {
                inFlight.release();
            }
        });
    }

    private byte[] take(int length) throws IOException {
        byte[] taken = new byte[length];
        ByteBuffer buffer = ByteBuffer.wrap(taken);
        while (buffer.hasRemaining()) {
            if (socket.read(buffer) < 0) {
                throw new EOFException();
            }
        }
        return taken;
    }

    private void write() {
        try {
            List<Outgoing> gathered = new ArrayList<>(GATHER);
            boolean last = false;
            while (!last) {
                gathered.clear();
                gathered.add(unsent.take());
                unsent.drainTo(gathered, GATHER - 1);
                last = gathered.getLast().last();
                write(gathered.stream().map(Outgoing::bytes).toArray(ByteBuffer[]::new));
            }
            abort();
        } catch (IOException e) {
            lost(Status.UNAVAILABLE.withDescription("link broke").withCause(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(ByteBuffer[] buffers) throws IOException {
        long left = 0;
        for (ByteBuffer buffer : buffers) {
            left += buffer.remaining();
        }
        while (left > 0) {
            long written = socket.write(buffers);
            left -= written;
            unsentBytes.addAndGet(-written);
        }
    }

    private void lost(Status why) {
        loop.execute(() -> events.lost(why));
    }

    private void abort() {
        try {
            socket.close();
        } catch (IOException e) {
            lost(Status.UNAVAILABLE.withDescription("link broke").withCause(e));
        }
    }

    private static boolean sleep(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
