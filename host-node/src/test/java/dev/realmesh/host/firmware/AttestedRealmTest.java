// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.PsciFunction;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.cca.abi.RealmParams;
import dev.realmesh.cca.abi.RecEnter;
import dev.realmesh.cca.abi.RecExit;
import dev.realmesh.cca.abi.RecParams;
import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.cca.abi.RsiCommand;
import dev.realmesh.cca.abi.RsiStatus;
import dev.realmesh.cca.token.CcaEvidence;
import dev.realmesh.cca.token.EvidenceIntegrity;
import dev.realmesh.cca.token.MecPolicy;
import dev.realmesh.cca.token.RealmClaims;
import dev.realmesh.cca.token.TokenGeneration;
import dev.realmesh.cca.token.TrustAnchorStore;
import dev.realmesh.host.firmware.hes.PlatformState;
import dev.realmesh.host.machine.AddressMap;
import dev.realmesh.host.machine.MachineModel;
import dev.realmesh.host.machine.ProcessorContext;
import dev.realmesh.host.machine.RealmProcessor;
import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.machine.Resumption;
import dev.realmesh.host.machine.Trap;
import dev.realmesh.host.rmm.attestation.TokenOptions;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A Realm on a platform that booted reads its token in pieces; who has the endorsement accepts it.
class AttestedRealmTest {
    private static final int GRANULE = PhysicalAddress.GRANULE_SIZE;
    private static final IntermediatePhysicalAddress BUFFER = new IntermediatePhysicalAddress(0x8000_0000L);
    private static final int PIECE = 700;
    private static final int OFFSET = 256;

    @TempDir
    private Path state;

    private final ByteArrayOutputStream token = new ByteArrayOutputStream();
    private final List<RsiStatus> statuses = new ArrayList<>();
    private long base;
    private int nextGranule;

    static Stream<Arguments> platforms() {
        return Stream.of(MachineModel.values())
                .flatMap(model -> Stream.of(TokenGeneration.values())
                        .flatMap(generation -> Stream.of("sha-256", "sha-384", "sha-512")
                                .map(hash -> Arguments.of(model, generation, hash))));
    }

    @ParameterizedTest
    @MethodSource("platforms")
    void getsATokenOverItsChallenge(MachineModel model, TokenGeneration generation, String keyHash) {
        PlatformSetup setup = new PlatformSetup(
                model.addressMap(32 << 20),
                TokenReader::new,
                state,
                PlatformState.SECURED.with(generation),
                new TokenOptions(generation, keyHash));
        CcaEvidence evidence = evidence(setup);
        assertThat(statuses).endsWith(RsiStatus.INCOMPLETE, RsiStatus.SUCCESS, RsiStatus.ERROR_STATE);

        PlatformEndorsement endorsement = PlatformEndorsement.of(state);
        TrustAnchorStore.parse(endorsement.trustAnchorStore()).requireGenuine(evidence);
        EvidenceIntegrity.requireFresh(evidence, Bytes.copyOf(challenge()));
        RealmClaims claims = evidence.realm().claims();
        assertThat(claims.personalizationValue().at(0)).isEqualTo(42);
        assertThat(claims.publicKeyHashAlgorithm()).isEqualTo(keyHash);
        assertThat(claims.mecPolicy()).contains(MecPolicy.PRIVATE);
        assertThat(evidence.form().tag()).isEqualTo(generation == TokenGeneration.V2023 ? 399 : 907);
        assertThat(claims.profileUri()).isEqualTo(generation.realmProfile().uri());
        assertThat(evidence.platform().claims().profile()).isEqualTo(generation.platformProfile());
        assertThat(evidence.encode()).isEqualTo(Bytes.copyOf(token.toByteArray()));
        assertThat(evidence.platform().claims().softwareComponents())
                .hasSize(endorsement.reference().components().size());
    }

    @Test
    void tellsRealmsApartThatAreMeasuredAlike() {
        PlatformSetup setup = new PlatformSetup(
                MachineModel.VIRT.addressMap(32 << 20),
                TokenReader::new,
                state,
                PlatformState.SECURED.with(TokenGeneration.V2024),
                new TokenOptions(TokenGeneration.V2024, "sha-256"));
        RealmClaims one = evidence(setup).realm().claims();
        token.reset();
        statuses.clear();
        RealmClaims other = evidence(setup).realm().claims();
        assertThat(other.initialMeasurement()).isEqualTo(one.initialMeasurement());
        assertThat(other.instanceId()).isPresent().isNotEqualTo(one.instanceId());
        assertThat(one.instanceId().orElseThrow().size()).isEqualTo(33);
        assertThat(one.instanceId().orElseThrow().at(0)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x0000, 0x1000, 0x2000, 0x5000, 0x6000})
    void tellsThatItIsNotSecured(int lifecycle) {
        AddressMap map = MachineModel.VIRT.addressMap(32 << 20);
        CcaEvidence evidence =
                evidence(PlatformSetup.of(map, TokenReader::new, state).withLifecycle(lifecycle));
        TrustAnchorStore.parse(PlatformEndorsement.of(state).trustAnchorStore()).requireGenuine(evidence);
        assertThat(evidence.platform().claims().lifecycleNumber()).isEqualTo(lifecycle);
        assertThat(evidence.platform().claims().lifecycle().isTrustworthy()).isFalse();
    }

    /// Boots, and runs a Realm that reads its token.
    private CcaEvidence evidence(PlatformSetup setup) {
        nextGranule = 16;
        try (Platform platform = Platform.boot(setup)) {
            base = platform.memory().dram().base().value();
            long rd = makeRealm(platform);
            long rec = makeRec(platform, rd);
            succeed(platform, RmiCommand.REALM_ACTIVATE, rd);
            long run = free();
            platform.memory().write(new PhysicalAddress(run), RecEnter.of(0).encode());
            succeed(platform, RmiCommand.REC_ENTER, rec, run);
            assertThat(RecExit.decode(platform.memory().readGranule(new PhysicalAddress(run))))
                    .isInstanceOf(RecExit.Psci.class);
        }
        return CcaEvidence.decode(Bytes.copyOf(token.toByteArray()));
    }

    private long makeRealm(Platform platform) {
        for (int table = 0; table < 8; table++) {
            succeed(platform, RmiCommand.GRANULE_DELEGATE, base + (long) table * GRANULE);
        }
        long rd = delegated(platform);
        long params = free();
        platform.memory()
                .write(
                        new PhysicalAddress(params),
                        new RealmParams(
                                        new RealmFeatures(0, 33, 0, 1, 1, 0, 1),
                                        RealmPersonalizationValue.of(new byte[] {42}),
                                        1,
                                        new RealmParams.RttRoot(base, 2, 8))
                                .encode());
        succeed(platform, RmiCommand.REALM_CREATE, rd, params);
        succeed(platform, RmiCommand.RTT_CREATE, rd, delegated(platform), BUFFER.value(), 3);
        succeed(platform, RmiCommand.DATA_CREATE, rd, delegated(platform), BUFFER.value(), free(), 1);
        return rd;
    }

    private long makeRec(Platform platform, long rd) {
        List<Long> aux = Stream.generate(() -> delegated(platform)).limit(16).toList();
        long rec = delegated(platform);
        long params = free();
        platform.memory()
                .write(
                        new PhysicalAddress(params),
                        new RecParams(1, 0, BUFFER.value(), GeneralRegisters.zero(8), aux.size(), aux).encode());
        succeed(platform, RmiCommand.REC_CREATE, rd, rec, params);
        return rec;
    }

    private long delegated(Platform platform) {
        long granule = free();
        succeed(platform, RmiCommand.GRANULE_DELEGATE, granule);
        return granule;
    }

    private long free() {
        return base + (long) nextGranule++ * GRANULE;
    }

    private static void succeed(Platform platform, RmiCommand command, long... arguments) {
        RmiResult result = RmiResult.of(platform.rmi().smc(command.fid(), arguments));
        assertThat(result.status()).as("%s", command).isEqualTo(RmiStatus.SUCCESS);
    }

    private static byte[] challenge() {
        byte[] challenge = new byte[64];
        for (int i = 0; i < challenge.length; i++) {
            challenge[i] = (byte) i;
        }
        return challenge;
    }

    /// A Realm that asks for a token, reads it to the end and once more, and turns itself off.
    private final class TokenReader implements RealmProcessor {
        private final ProcessorContext context;
        private boolean begun;

        TokenReader(ProcessorContext context) {
            this.context = context;
        }

        @Override
        public Trap run(Resumption resumption) {
            Registers registers = resumption.registers();
            if (!begun) {
                begun = true;
                return new Trap.Smc(init(registers));
            }
            RsiStatus status = RsiStatus.of(registers.x(0));
            boolean initialised = statuses.isEmpty();
            statuses.add(status);
            if (status == RsiStatus.ERROR_STATE) {
                return new Trap.Smc(registers.withX(0, PsciFunction.SYSTEM_OFF.fid()));
            }
            if (!initialised) {
                byte[] piece = new byte[(int) registers.x(1)];
                assertThat(context.memory().load(BUFFER.plus(OFFSET), piece, 0, piece.length))
                        .isEmpty();
                token.writeBytes(piece);
            }
            return new Trap.Smc(
                    registers.withFirst(RsiCommand.ATTEST_TOKEN_CONTINUE.fid(), BUFFER.value(), OFFSET, PIECE));
        }

        private Registers init(Registers registers) {
            Registers calling = registers.withX(0, RsiCommand.ATTEST_TOKEN_INIT.fid());
            byte[] challenge = challenge();
            for (int word = 0; word < 8; word++) {
                byte[] reversed = new byte[8];
                for (int i = 0; i < 8; i++) {
                    reversed[i] = challenge[8 * word + 7 - i];
                }
                calling = calling.withX(1 + word, new BigInteger(1, reversed).longValue());
            }
            return calling;
        }

        @Override
        public void interrupt() {}

        @Override
        public void close() {}
    }
}
