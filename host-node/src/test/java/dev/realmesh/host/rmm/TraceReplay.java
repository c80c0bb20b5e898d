// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.cca.abi.RmiFeatures;
import dev.realmesh.host.machine.ProcessorContext;
import dev.realmesh.host.machine.RealmMemory;
import dev.realmesh.host.machine.RealmProcessor;
import dev.realmesh.host.rmm.granule.GranuleState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// Does the steps of one recorded trace; the language is explained beside the vectors.
final class TraceReplay implements AutoCloseable, ScriptedProcessor.Resolver {
    private static final int GRANULE = PhysicalAddress.GRANULE_SIZE;

    /// By the granule of the REC.
    private final Map<Long, ScriptedProcessor> processors = new HashMap<>();
    private final Map<Long, Long> ipaOfGranule = new HashMap<>();
    private final TestPlatform platform = new TestPlatform(this::newProcessor);
    private JsonNode script = MissingNode.getInstance();
    private long entering;

    void step(JsonNode step, int number) {
        String what = "step " + number + ": " + step;
        switch (step.get("do").asString()) {
            case "smc" -> smc(step, what);
            case "write64" ->
                write(address(step, "at"), word(value(step.get("value").asString())));
            case "writeBytes" ->
                write(
                        address(step, "at"),
                        HexFormat.of().parseHex(step.get("hex").asString()));
            case "zero" -> write(address(step, "granule"), new byte[GRANULE]);
            case "fill" ->
                write(address(step, "granule"), filling(step.get("seed").asInt()));
            case "read" -> read(step, what);
            case "state" ->
                assertThat(platform.rmm.stateOf(address(step, "granule")))
                        .as(what)
                        .isEqualTo(GranuleState.valueOf(step.get("is").asString()));
            case "measurement" ->
                assertThat(HexFormat.of()
                                .formatHex(platform.rmm
                                        .measurement(
                                                address(step, "rd"),
                                                step.get("index").asInt())
                                        .padded(64)))
                        .as(what)
                        .isEqualTo(step.get("is").asString());
            default -> throw new IllegalArgumentException(what);
        }
    }

    @Override
    public long value(String text) {
        if (!text.startsWith("g")) {
            return Long.parseUnsignedLong(text.substring(2), 16);
        }
        String[] parts = text.substring(1).split("\\+");
        long address = TestPlatform.granule(Integer.parseInt(parts[0])).value();
        return parts.length == 1 ? address : address + Long.decode(parts[1]);
    }

    @Override
    public IntermediatePhysicalAddress ipaOf(RealmMemory memory, String granuleAndOffset) {
        long address = value(granuleAndOffset);
        return new IntermediatePhysicalAddress(ipaOfGranule.get(address & -GRANULE) + (address & (GRANULE - 1)));
    }

    @Override
    public void close() {
        platform.close();
    }

    private RealmProcessor newProcessor(ProcessorContext context) {
        ScriptedProcessor processor = new ScriptedProcessor(context.memory(), this);
        processor.load(script);
        processors.put(entering, processor);
        return processor;
    }

    private void smc(JsonNode step, String what) {
        long fid = value(step.get("fid").asString());
        List<Long> arguments = new ArrayList<>();
        step.get("args").forEach(argument -> arguments.add(value(argument.asString())));
        if (step.has("realm")) {
            load(step.get("realm"), arguments.getFirst());
        }
        long[] result = platform.rmm.smc(
                fid, arguments.stream().mapToLong(Long::longValue).toArray());
        if (fid == RmiCommand.FEATURES.fid() && arguments.getFirst() == 0) {
            assertThat(new RmiFeatures(result[1]).s2sz()).as(what).isEqualTo(48);
        } else {
            int register = 0;
            for (JsonNode expected : step.get("x")) {
                assertThat(result[register]).as("x%d of %s", register, what).isEqualTo(value(expected.asString()));
                register++;
            }
        }
        if (step.has("realm")) {
            assertThat(processors.values()).as(what).allMatch(ScriptedProcessor::isFinished);
        }
        note(fid, arguments, result);
    }

    /// The processor of the REC that is entered gets the script: a new one from [#newProcessor].
    private void load(JsonNode items, long rec) {
        script = items;
        ScriptedProcessor entered = processors.get(rec);
        if (entered != null) {
            entered.load(items);
        }
        entering = rec;
    }

    private void note(long fid, List<Long> arguments, long[] result) {
        if (fid == RmiCommand.DATA_CREATE.fid() || fid == RmiCommand.DATA_CREATE_UNKNOWN.fid()) {
            if (result[0] == 0) {
                ipaOfGranule.put(arguments.get(1), arguments.get(2));
            }
        }
    }

    private void read(JsonNode step, String what) {
        PhysicalAddress at = address(step, "at");
        if (platform.rmm.stateOf(at.granule()) != GranuleState.NS) {
            return;
        }
        byte[] bytes = new byte[step.get("length").asInt()];
        platform.memory.read(at, bytes, 0, bytes.length);
        assertThat(HexFormat.of().formatHex(bytes))
                .as(what)
                .isEqualTo(step.get("hex").asString());
    }

    private void write(PhysicalAddress address, byte[] bytes) {
        platform.memory.write(address, bytes);
    }

    private PhysicalAddress address(JsonNode step, String key) {
        return new PhysicalAddress(value(step.get(key).asString()));
    }

    private static byte[] word(long value) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }

    private static byte[] filling(int seed) {
        byte[] bytes = new byte[GRANULE];
        for (int i = 0; i < GRANULE; i++) {
            bytes[i] = (byte) (7 * i + 13 * (i >> 8) + 31 * seed);
        }
        return bytes;
    }
}
