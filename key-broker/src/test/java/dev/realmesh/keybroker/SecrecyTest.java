// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import static dev.realmesh.keybroker.KeyReleaseTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import dev.realmesh.proto.keybroker.v1.ListResourcesRequest;
import io.grpc.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Where secrets must not be: in logs, in refusals, in files.
class SecrecyTest {
    private static final String SECRET = "correct-horse-battery-staple";

    @TempDir
    Path folder;

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Appender appender = new Appender();

    @BeforeEach
    void listen() {
        appender.setContext(root.getLoggerContext());
        appender.start();
        root.addAppender(appender);
        root.setLevel(Level.TRACE);
    }

    @AfterEach
    void stop() {
        root.setLevel(Level.OFF);
        root.detachAppender(appender);
    }

    /// Everything is logged, libraries included, and nothing of it is a secret.
    @Test
    void secretsAndCredentialsAreInNoLogAndNoRefusal() throws IOException {
        try (BrokerUnderTest broker = new BrokerUnderTest(folder)) {
            broker.put("default/key/k1", SECRET.getBytes(StandardCharsets.UTF_8));
            GuestUnderTest guest = new GuestUnderTest(broker.guest());
            refused(Status.Code.UNAUTHENTICATED, () -> guest.get("default/key/k1"));
            guest.attest(broker.initdata);
            guest.secret("default/key/k1", broker.broker.identity());
            refused(Status.Code.NOT_FOUND, () -> guest.get("default/key/none"));
            refused(
                    Status.Code.UNAUTHENTICATED,
                    () -> broker.ownerWith("Bearer " + SECRET)
                            .listResources(ListResourcesRequest.getDefaultInstance()));

            String identity = Files.readString(broker.state.resolve("identity.private.jwk"));
            String privateHalf = identity.replaceAll(".*\"d\":\"([^\"]+)\".*", "$1");
            assertThat(log).anyMatch(line -> line.contains("default/key/k1: released"));
            assertThat(String.join("\n", log))
                    .doesNotContain(SECRET)
                    .doesNotContain(broker.adminToken())
                    .doesNotContain(privateHalf)
                    .doesNotContain(guest.session());
        }
    }

    @Test
    void secretsAtRestAreCiphertext() throws IOException {
        try (BrokerUnderTest broker = new BrokerUnderTest(folder)) {
            broker.put("default/key/k1", SECRET.getBytes(StandardCharsets.UTF_8));
            broker.put("default/key/k1", (SECRET + "!").getBytes(StandardCharsets.UTF_8));

            for (Path file : files(broker.state)) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(SECRET);
            }
        }
    }

    @Test
    void onlyThePublicIdentityIsReadableByOthers() throws IOException {
        try (BrokerUnderTest broker = new BrokerUnderTest(folder)) {
            broker.put("default/key/k1", new byte[] {1});

            assertThat(mode(broker.state)).isEqualTo("rwx------");
            for (Path file : files(broker.state)) {
                if (!file.endsWith(KeyBroker.IDENTITY_FILE)) {
                    assertThat(mode(file)).as(file.toString()).isEqualTo("rw-------");
                }
            }
            assertThat(Files.readString(broker.state.resolve(KeyBroker.IDENTITY_FILE)))
                    .isEqualTo(broker.broker.identity().toJwk())
                    .doesNotContain("\"d\"");
        }
    }

    @Test
    void brokerThatStartsAgainIsTheSameBroker() {
        String token;
        Object identity;
        try (BrokerUnderTest broker = new BrokerUnderTest(folder)) {
            broker.put("default/key/k1", SECRET.getBytes(StandardCharsets.UTF_8));
            token = broker.adminToken();
            identity = broker.broker.identity();
        }
        try (BrokerUnderTest broker = new BrokerUnderTest(folder)) {
            GuestUnderTest guest = new GuestUnderTest(broker.guest());
            guest.attest(broker.initdata);

            assertThat(broker.adminToken()).isEqualTo(token).hasSize(43);
            assertThat(broker.broker.identity()).isEqualTo(identity);
            assertThat(guest.secret("default/key/k1", broker.broker.identity()))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo(SECRET);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private final class Appender extends AppenderBase<ILoggingEvent> {
        @Override
        protected void append(ILoggingEvent event) {
            log.add(event.getFormattedMessage());
            if (event.getThrowableProxy() != null) {
                log.add(ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
        }
    }
}
