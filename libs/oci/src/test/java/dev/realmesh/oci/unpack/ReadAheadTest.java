// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.oci.OciException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReadAheadTest {
    private static final int CHUNK = 64 << 10;

    @Test
    void passesEveryByteOn() throws IOException {
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            byte[] content = new byte[random.nextInt(4 * CHUNK)];
            random.nextBytes(content);

            try (ReadAhead ahead = ReadAhead.of(new ByteArrayInputStream(content), 2 * CHUNK)) {
                assertThat(ahead.readAllBytes()).isEqualTo(content);
                assertThat(ahead.read()).isEqualTo(-1);
                assertThat(ahead.count()).isEqualTo(content.length);
            }
        }
    }

    @Test
    void failsWhereTheSourceFailed() throws IOException {
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(new byte[CHUNK]), new InputStream() {
            @Override
            public int read() {
                throw new OciException.Malformed("broken here");
            }
        });
        try (ReadAhead ahead = ReadAhead.of(broken, 4 * CHUNK)) {
            assertThat(ahead.readNBytes(CHUNK)).hasSize(CHUNK);
            assertThatThrownBy(ahead::read)
                    .isInstanceOf(OciException.Malformed.class)
                    .hasMessage("broken here");
            assertThatThrownBy(ahead::read).hasMessage("broken here");
        }
    }

    @Test
    void readsNoFurtherAheadThanItMay() throws Exception {
        Endless endless = new Endless();
        ReadAhead ahead = ReadAhead.of(endless, 4 * CHUNK);

        // Four chunks are kept, the fifth waits for a place.
        endless.chunksRead.acquire(5);
        assertThat(ahead.readNBytes(CHUNK)).hasSize(CHUNK);
        endless.chunksRead.acquire(1);
        ahead.close();

        assertThat(endless.chunksRead.availablePermits()).isZero();
        assertThat(endless.closed).isTrue();
    }

    @Test
    void closesASourceThatGivesNothing() throws Exception {
        Silent silent = new Silent();
        ReadAhead ahead = ReadAhead.of(silent, CHUNK);
        silent.asked.await();

        ahead.close();

        assertThat(silent.closed).isTrue();
    }

    private static final class Endless extends InputStream {
        private final Semaphore chunksRead = new Semaphore(0);
        private final AtomicBoolean closed = new AtomicBoolean();

        @Override
        public int read() {
            return 0;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            chunksRead.release();
            return length;
        }

        @Override
        public void close() {
            closed.set(true);
        }
    }

    private static final class Silent extends InputStream {
        private final CountDownLatch asked = new CountDownLatch(1);
        private final AtomicBoolean closed = new AtomicBoolean();

        @Override
        public int read() throws IOException {
            asked.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return -1;
        }

        @Override
        public void close() {
            closed.set(true);
        }
    }
}
