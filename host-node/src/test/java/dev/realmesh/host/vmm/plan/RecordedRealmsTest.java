// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.host.vmm.plan.BootOperation.CreateRec;
import dev.realmesh.host.vmm.plan.BootOperation.InitRipas;
import dev.realmesh.host.vmm.plan.BootOperation.LoadData;
import dev.realmesh.testkit.Vectors;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Whole Realms of kvmtool, QEMU and Cloud Hypervisor, from their command lines to the RIM after each operation,
/// against
/// `realm-measurements`, and TF-RMM where it was asked.
class RecordedRealmsTest {
    private static final Map<String, String> ROLES =
            Map.of("kernel", "kernel", "initrd", "initrd", "firmware", "firmware", "device tree", "dtb");

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.realmesh.host.vmm.plan.VmmVectors#realms")
    void writesTheDeviceTreeByteForByte(String name, JsonNode vector) {
        byte[] written = VmmVectors.plan(vector).deviceTree().toByteArray();

        byte[] expected = Vectors.bytes("rmm/dtb/" + name + ".dtb");
        int size = vector.at("/dtb/loadedSize").asInt();
        assertThat(written).isEqualTo(Arrays.copyOf(expected, size));
        assertThat(sha256(written)).isEqualTo(vector.at("/dtb/sha256ofLoaded").asString());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.realmesh.host.vmm.plan.VmmVectors#realms")
    void doesTheSameOperationsInTheSameOrder(String name, JsonNode vector) {
        BootPlan plan = VmmVectors.plan(vector).plan();

        assertThat(OfflineMeasurement.explain(plan).stream().map(RecordedRealmsTest::describe))
                .as(name)
                .containsExactlyElementsOf(expectedOperations(vector));
        assertThat(plan.geometry().startLevel())
                .isEqualTo(vector.get("rttStartLevel").asInt());
        assertThat(plan.geometry().startTables())
                .isEqualTo(vector.get("rttStartTables").asInt());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.realmesh.host.vmm.plan.VmmVectors#realms")
    void measuresIt(String name, JsonNode vector) {
        BootPlan plan = VmmVectors.plan(vector).plan();

        assertThat(HexFormat.of().formatHex(OfflineMeasurement.of(plan).padded(64)))
                .as(name)
                .isEqualTo(vector.at("/expected/rim").asString());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.realmesh.host.vmm.plan.VmmVectors#refusedRealms")
    void refusesWhatARealRmmRefuses(String name, JsonNode vector) {
        assertThatThrownBy(() -> VmmVectors.plan(vector))
                .as(name)
                .isInstanceOf(PlanException.RmmRefuses.class)
                .hasMessage("an RMM refuses this Realm: RAM ends at 0x180000000 (expected: at most 0x100000000 with"
                        + " 33 IPA bits, of which the upper half is shared with the host)");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.realmesh.host.vmm.plan.VmmVectors#upstream")
    void agreesWithUpstreamsOwnTests(String name, JsonNode vector) {
        PlannedRealm realm = VmmVectors.planUpstream(vector);

        byte[] deviceTree = realm.deviceTree().toByteArray();
        assertThat(deviceTree).as(name).hasSize(vector.get("dtbSize").asInt());
        assertThat(sha256(deviceTree)).isEqualTo(vector.get("dtbSha256").asString());
        assertThat(HexFormat.of().formatHex(OfflineMeasurement.of(realm.plan()).padded(64)))
                .isEqualTo(vector.get("rim").asString());
    }

    private static List<String> expectedOperations(JsonNode vector) {
        List<String> operations = new ArrayList<>();
        for (JsonNode operation : vector.get("operations")) {
            String what = switch (text(operation, "op")) {
                case "REALM_CREATE" -> "create";
                case "INIT_RIPAS" -> "ripas %s %s".formatted(text(operation, "base"), text(operation, "top"));
                case "DATA_CREATE" ->
                    "%s %s to %s at %s"
                            .formatted(
                                    operation.path("blob").asString("unmeasured"),
                                    text(operation, "base"),
                                    text(operation, "top"),
                                    operation.path("loadAddress").asString(text(operation, "base")));
                case "REC_CREATE" ->
                    "rec pc %s x0 %s"
                            .formatted(
                                    text(operation, "pc"),
                                    operation.get("gprs").get(0).asString());
                default -> throw new IllegalArgumentException(operation.toString());
            };
            operations.add(what + " = " + text(operation, "rim"));
        }
        return operations;
    }

    private static String text(JsonNode operation, String field) {
        return operation.get(field).asString();
    }

    private static String describe(OfflineMeasurement.Step step) {
        String what = step.operation()
                .map(operation -> switch (operation) {
                    case InitRipas ripas -> "ripas 0x%x 0x%x".formatted(ripas.base(), ripas.top());
                    case LoadData data ->
                        "%s 0x%x to 0x%x at 0x%x"
                                .formatted(
                                        data.measured() ? ROLES.get(data.name()) : "unmeasured",
                                        data.base(),
                                        data.top(),
                                        data.loadAddress());
                    case CreateRec rec ->
                        "rec pc 0x%x x0 0x%x"
                                .formatted(rec.pc(), rec.registers().get(0));
                })
                .orElse("create");
        return what + " = " + HexFormat.of().formatHex(step.rim().padded(64));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
