// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.cca.abi.RealmParams;
import dev.realmesh.cca.abi.RecParams;
import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.testkit.Vectors;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Whole Realms, built by RMI calls as kvmtool, QEMU and Cloud Hypervisor lay them out: the RIM after each operation
/// (`rmm/rim-vmm.json`).
class MeasuredRealmsTest {
    private static final int PAGE = PhysicalAddress.GRANULE_SIZE;
    private static final int RD = 16;
    private static final int PARAMETERS = 17;
    private static final int SOURCE = 18;

    private final TestPlatform platform = new TestPlatform(context -> {
        throw new IllegalStateException("no Realm runs here");
    });
    private int nextGranule = 32;

    static Stream<Arguments> realms() {
        return cases(false);
    }

    static Stream<Arguments> refusedRealms() {
        return cases(true);
    }

    private static Stream<Arguments> cases(boolean refused) {
        JsonNode cases =
                JsonMapper.shared().readTree(Vectors.text("rmm/rim-vmm.json")).get("cases");
        return StreamSupport.stream(cases.spliterator(), false)
                .filter(each -> each.has("rmmRefuses") == refused)
                .map(each -> Arguments.of(each.get("name").asString(), each));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("realms")
    void measuresEachOperation(String name, JsonNode realm) {
        for (JsonNode operation : realm.get("operations")) {
            carryOut(realm, operation);
            byte[] rim = platform.rmm.measurement(TestPlatform.granule(RD), 0).padded(64);
            assertThat(HexFormat.of().formatHex(rim))
                    .as("%s: %s", name, operation)
                    .isEqualTo(operation.get("rim").asString());
        }
        platform.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusedRealms")
    void refusesWhatARealRmmRefuses(String name, JsonNode realm) {
        createRealm(realm);
        String before = platform.rmm.measurement(TestPlatform.granule(RD), 0).hex();
        JsonNode ripas = realm.get("operations").get(1);
        RmiResult result = platform.call(RmiCommand.RTT_INIT_RIPAS, rd(), number(ripas, "base"), number(ripas, "top"));
        assertThat(result.status()).as(name).isEqualTo(RmiStatus.ERROR_INPUT);
        assertThat(platform.rmm.measurement(TestPlatform.granule(RD), 0).hex()).isEqualTo(before);
        platform.close();
    }

    private void carryOut(JsonNode realm, JsonNode operation) {
        switch (operation.get("op").asString()) {
            case "REALM_CREATE" -> createRealm(realm);
            case "INIT_RIPAS" -> initRipas(number(operation, "base"), number(operation, "top"));
            case "DATA_CREATE" -> createData(realm, operation);
            case "REC_CREATE" -> createRec(operation);
            default -> throw new IllegalArgumentException("operation: " + operation);
        }
    }

    private void createRealm(JsonNode realm) {
        JsonNode params = realm.get("realmParams");
        int tables = realm.get("rttStartTables").asInt();
        for (int table = 0; table < tables; table++) {
            platform.succeed(
                    RmiCommand.GRANULE_DELEGATE, TestPlatform.granule(table).value());
        }
        platform.succeed(RmiCommand.GRANULE_DELEGATE, rd());
        RealmFeatures features = new RealmFeatures(
                params.get("flags").asLong(),
                params.get("s2sz").asInt(),
                params.get("sve_vl").asInt(),
                params.get("num_bps").asInt(),
                params.get("num_wps").asInt(),
                params.get("pmu_num_ctrs").asInt(),
                params.get("hash_algo").asInt());
        RealmParams.RttRoot root = new RealmParams.RttRoot(
                TestPlatform.granule(0).value(), realm.get("rttStartLevel").asInt(), tables);
        platform.memory.write(
                TestPlatform.granule(PARAMETERS),
                new RealmParams(features, RealmPersonalizationValue.NONE, 7, root).encode());
        platform.succeed(
                RmiCommand.REALM_CREATE, rd(), TestPlatform.granule(PARAMETERS).value());
    }

    /// As KVM does: entries as large as possible, tables made where the RMM misses one.
    private void initRipas(long base, long top) {
        long reached = base;
        while (reached < top) {
            RmiResult result = platform.call(RmiCommand.RTT_INIT_RIPAS, rd(), reached, top);
            if (result.status().isSuccess()) {
                reached = result.x1();
            } else {
                createTable(reached, result.status());
            }
        }
    }

    private void createTable(long ipa, RmiStatus missing) {
        assertThat(missing.code()).isEqualTo(RmiStatus.Code.ERROR_RTT);
        int level = missing.index() + 1;
        long size = (long) PAGE << 9 * (4 - level);
        platform.succeed(RmiCommand.RTT_CREATE, rd(), delegated(), ipa & -size, level);
    }

    private void createData(JsonNode realm, JsonNode operation) {
        boolean measured = operation.get("measured").asBoolean();
        byte[] blob = operation.has("blob") ? blob(realm, operation.get("blob").asString()) : new byte[0];
        long load = operation.has("loadAddress") ? number(operation, "loadAddress") : number(operation, "base");
        for (long ipa = number(operation, "base"); ipa < number(operation, "top"); ipa += PAGE) {
            byte[] page = new byte[PAGE];
            for (int i = 0; i < PAGE; i++) {
                long at = ipa + i - load;
                page[i] = at >= 0 && at < blob.length ? blob[(int) at] : 0;
            }
            platform.memory.write(TestPlatform.granule(SOURCE), page);
            createPage(ipa, measured ? 1 : 0);
        }
    }

    private void createPage(long ipa, long flags) {
        long data = delegated();
        long source = TestPlatform.granule(SOURCE).value();
        RmiResult result = platform.call(RmiCommand.DATA_CREATE, rd(), data, ipa, source, flags);
        while (!result.status().isSuccess()) {
            createTable(ipa, result.status());
            result = platform.call(RmiCommand.DATA_CREATE, rd(), data, ipa, source, flags);
        }
    }

    private void createRec(JsonNode operation) {
        List<Long> registers = new ArrayList<>();
        operation.get("gprs").forEach(each -> registers.add(Long.decode(each.asString())));
        List<Long> aux = Stream.generate(this::delegated).limit(16).toList();
        RecParams params = new RecParams(
                operation.get("flags").asLong(),
                0,
                number(operation, "pc"),
                GeneralRegisters.of(
                        registers.stream().mapToLong(Long::longValue).toArray()),
                aux.size(),
                aux);
        platform.memory.write(TestPlatform.granule(PARAMETERS), params.encode());
        platform.succeed(
                RmiCommand.REC_CREATE,
                rd(),
                delegated(),
                TestPlatform.granule(PARAMETERS).value());
    }

    private static byte[] blob(JsonNode realm, String role) {
        if (role.equals("dtb")) {
            return Vectors.bytes("rmm/" + realm.get("dtb").get("file").asString());
        }
        for (JsonNode input : realm.get("inputs")) {
            if (input.get("role").asString().equals(role)) {
                return VectorContent.of(input);
            }
        }
        throw new IllegalArgumentException("blob " + role + ": not among the inputs");
    }

    private long delegated() {
        long granule = TestPlatform.granule(nextGranule++).value();
        platform.succeed(RmiCommand.GRANULE_DELEGATE, granule);
        return granule;
    }

    private static long rd() {
        return TestPlatform.granule(RD).value();
    }

    private static long number(JsonNode node, String key) {
        return Long.decode(node.get(key).asString());
    }
}
