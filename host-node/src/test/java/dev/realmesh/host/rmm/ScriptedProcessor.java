// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.host.machine.RealmMemory;
import dev.realmesh.host.machine.RealmProcessor;
import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.machine.Resumption;
import dev.realmesh.host.machine.Syndrome;
import dev.realmesh.host.machine.Trap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;

/// Plays the Realm's side of a recorded trace: checks the registers that it gets, and does the next thing in the list.
final class ScriptedProcessor implements RealmProcessor {
    private final RealmMemory memory;
    private final Resolver resolver;
    private final Deque<JsonNode> script = new ArrayDeque<>();

    /// Finds what the names of a trace stand for.
    interface Resolver {
        long value(String text);

        IntermediatePhysicalAddress ipaOf(RealmMemory memory, String granuleAndOffset);
    }

    ScriptedProcessor(RealmMemory memory, Resolver resolver) {
        this.memory = memory;
        this.resolver = resolver;
    }

    void load(JsonNode items) {
        items.forEach(script::add);
    }

    boolean isFinished() {
        return script.isEmpty();
    }

    @Override
    public Trap run(Resumption resumption) {
        Registers registers = resumption.registers();
        while (true) {
            JsonNode item = script.removeFirst();
            if (item.has("regsOnEntry")) {
                check(item, "regsOnEntry", registers);
            } else if (item.has("regsAfter")) {
                check(item, "regsAfter", registers);
            } else if (item.has("read")) {
                byte[] bytes = new byte[item.get("length").asInt()];
                assertThat(memory.load(ipa(item, "read"), bytes, 0, bytes.length))
                        .isEmpty();
                assertThat(HexFormat.of().formatHex(bytes))
                        .isEqualTo(item.get("hex").asString());
            } else if (item.has("write64")) {
                byte[] word = ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(value(item, "value"))
                        .array();
                assertThat(memory.store(ipa(item, "write64"), word, 0, 8)).isEmpty();
            } else if (item.has("call")) {
                return new Trap.Smc(callRegisters(registers, item));
            } else {
                return exception(item, registers);
            }
        }
    }

    private Registers callRegisters(Registers registers, JsonNode item) {
        Registers calling = registers.withX(0, value(item, "x0"));
        int number = 1;
        for (JsonNode argument : item.get("args")) {
            calling = calling.withX(number++, resolver.value(argument.asString()));
        }
        return calling;
    }

    private Trap exception(JsonNode item, Registers registers) {
        return switch (item.get("exception").asString()) {
            case "irq" -> new Trap.Interrupt(registers, Trap.Interrupt.Kind.IRQ);
            case "fiq" -> new Trap.Interrupt(registers, Trap.Interrupt.Kind.FIQ);
            default ->
                new Trap.Synchronous(
                        registers,
                        new Syndrome(value(item, "esr_el2"), value(item, "far_el2"), value(item, "hpfar_el2")));
        };
    }

    private void check(JsonNode item, String key, Registers registers) {
        int number = 0;
        for (JsonNode expected : item.get(key)) {
            assertThat(registers.x(number))
                    .as("x%d %s of %s", number, key, item)
                    .isEqualTo(resolver.value(expected.asString()));
            number++;
        }
        if (item.has("pc")) {
            assertThat(registers.pc()).as("pc of %s", item).isEqualTo(value(item, "pc"));
        }
    }

    private IntermediatePhysicalAddress ipa(JsonNode item, String key) {
        return resolver.ipaOf(memory, item.get(key).asString());
    }

    private long value(JsonNode item, String key) {
        return resolver.value(item.get(key).asString());
    }

    @Override
    public void interrupt() {}

    @Override
    public void close() {}
}
