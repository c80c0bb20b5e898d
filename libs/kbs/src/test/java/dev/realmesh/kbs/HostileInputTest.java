// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.testkit.Seeds;
import dev.realmesh.testkit.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever a peer sends, it is read or refused with a [KbsException]; nothing else comes out of a parser.
class HostileInputTest {
    private static final int MUTATIONS = 100;

    private final TeeKey key = TeeKey.generate();
    private final BrokerIdentity broker = BrokerIdentity.generate();

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void mutatedJweIsRefusedOrOpensToWhatWasSealed(long seed) {
        byte[] secret = {1, 2, 3};
        byte[] jwe = KbsJwe.seal(SecretBytes.copyOf(secret), key.publicKey()).toJson();

        mutations(
                seed,
                jwe,
                mutated -> assertThat(KbsJwe.parse(mutated).open(key).reveal()).isEqualTo(secret));
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void mutatedPublicKeyIsRefusedOrReadsBackAsItself(long seed) {
        byte[] jwk = key.publicKey().toJson().getBytes(StandardCharsets.UTF_8);

        mutations(seed, jwk, mutated -> {
            TeePublicKey read = TeePublicKey.parse(mutated);
            assertThat(TeePublicKey.parse(read.toJson().getBytes(StandardCharsets.UTF_8)))
                    .isEqualTo(read);
        });
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void mutatedInitdataIsRefusedOrBoundToAnotherRealm(long seed) {
        byte[] document = Vectors.bytes("coco/initdata/sha512.toml");
        byte[] personalizationValue = Initdata.parse(document).personalizationValue();

        mutations(seed, document, mutated -> {
            Initdata read = Initdata.parse(mutated);
            assertThat(read.isBoundTo(personalizationValue)).isEqualTo(Arrays.equals(mutated, document));
        });
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void mutatedDiskImageIsRefusedOrHoldsAWholeDocument(long seed) {
        byte[] image = InitdataDisk.write(Initdata.parse(Vectors.bytes("coco/initdata/sha384.toml")));

        mutations(
                seed,
                image,
                mutated -> assertThat(InitdataDisk.read(mutated).data()).isNotEmpty());
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void mutatedSettingsAreRefusedOrStillPinABroker(long seed) {
        String settings =
                new RealmSettings(broker.publicKey(), ImagePolicy.ENCRYPTED_ONLY, AgentPolicy.NOTHING).toToml();

        mutations(seed, settings.getBytes(StandardCharsets.UTF_8), mutated -> {
            RealmSettings read = RealmSettings.parse(new String(mutated, StandardCharsets.ISO_8859_1));
            assertThat(read.keyBrokerIdentity().toJwk()).contains("P-384");
        });
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void mutatedStatementIsRefusedOrSaysTheSame(long seed) {
        KbsJwe jwe = KbsJwe.seal(SecretBytes.copyOf(new byte[1]), key.publicKey());
        var expected = new ReleaseStatement(jwe, Nonce.of(new byte[32]), ResourcePath.parse("a/b/c"));
        byte[] statement = broker.sign(expected).getBytes(StandardCharsets.US_ASCII);

        mutations(
                seed,
                statement,
                mutated -> broker.publicKey().verify(new String(mutated, StandardCharsets.ISO_8859_1), expected));
    }

    private static void mutations(long seed, byte[] valid, Reader reader) {
        RandomGenerator random = Seeds.random(seed);
        for (int i = 0; i < MUTATIONS; i++) {
            try {
                reader.read(mutated(valid, random));
            } catch (KbsException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        }
    }

    private static byte[] mutated(byte[] valid, RandomGenerator random) {
        byte[] bytes = valid.clone();
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(5)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt(256);
            case 2 -> bytes = Arrays.copyOf(bytes, at);
            case 3 ->
                Arrays.fill(bytes, at, Math.min(bytes.length, at + random.nextInt(32)), (byte) random.nextInt(256));
            default -> System.arraycopy(valid, random.nextInt(valid.length - at), bytes, 0, at);
        }
        return bytes;
    }

    private interface Reader {
        void read(byte[] input);
    }
}
