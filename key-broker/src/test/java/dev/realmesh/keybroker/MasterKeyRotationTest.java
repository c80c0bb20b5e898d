// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.keybroker.resource.MasterKeyFile;
import dev.realmesh.mesh.state.StateFolder;
import dev.realmesh.proto.keybroker.v1.RotateMasterKeyRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The master key is replaced while guests go on getting their secrets.
class MasterKeyRotationTest {
    private static final String PATH = "a/key/1";
    private static final byte[] SECRET = "of the owner".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    @Test
    void guestsGetTheirSecretsAllAlong() throws Exception {
        try (BrokerUnderTest broker = new BrokerUnderTest(folder);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            broker.put(PATH, SECRET);
            GuestUnderTest guest = new GuestUnderTest(broker.guest());
            guest.attest(broker.initdata);
            AtomicBoolean stop = new AtomicBoolean();
            Future<Integer> reading = threads.submit(() -> {
                int read = 0;
                do {
                    assertThat(guest.secret(PATH, broker.broker.identity())).isEqualTo(SECRET);
                    read++;
                } while (!stop.get());
                return read;
            });

            byte[] before = masterKey(broker);
            String id = rotate(broker);
            String next = rotate(broker);

            stop.set(true);
            assertThat(reading.get()).isPositive();
            assertThat(id).hasSize(16).isNotEqualTo(next);
            assertThat(masterKey(broker)).hasSize(32).isNotEqualTo(before);
            assertThat(guest.secret(PATH, broker.broker.identity())).isEqualTo(SECRET);
        }
    }

    @Test
    void oneThatWasCutShortIsEndedAtTheNextStart() throws IOException {
        byte[] before;
        try (BrokerUnderTest broker = new BrokerUnderTest(folder)) {
            broker.put(PATH, SECRET);
            before = masterKey(broker);
        }
        byte[] ring = Arrays.copyOf(new byte[] {1, 2, 3}, 64);
        System.arraycopy(before, 0, ring, 32, 32);
        StateFolder state = StateFolder.open(folder.resolve("key-broker"));
        state.replaceSecret("master.key", ring);
        assertThat(new MasterKeyFile(state, Optional.empty()).keys().toString()).contains(", ");

        try (BrokerUnderTest broker = new BrokerUnderTest(folder)) {
            GuestUnderTest guest = new GuestUnderTest(broker.guest());
            guest.attest(broker.initdata);

            assertThat(guest.secret(PATH, broker.broker.identity())).isEqualTo(SECRET);
            assertThat(masterKey(broker)).hasSize(32).startsWith(1, 2, 3, 0);
        }
    }

    private static String rotate(BrokerUnderTest broker) {
        return broker.owner()
                .rotateMasterKey(RotateMasterKeyRequest.getDefaultInstance())
                .getMasterKeyId();
    }

    private static byte[] masterKey(BrokerUnderTest broker) throws IOException {
        return Files.readAllBytes(broker.state.resolve("master.key"));
    }
}
