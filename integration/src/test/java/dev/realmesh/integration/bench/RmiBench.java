// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.bench;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.cca.abi.RealmParams;
import dev.realmesh.cca.abi.RecEnter;
import dev.realmesh.cca.abi.RecParams;
import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RsiCommand;
import dev.realmesh.host.firmware.bl31.MemoryMonitor;
import dev.realmesh.host.machine.AddressMap;
import dev.realmesh.host.machine.HostMemory;
import dev.realmesh.host.machine.Machine;
import dev.realmesh.host.machine.RealmProcessor;
import dev.realmesh.host.machine.Resumption;
import dev.realmesh.host.machine.Trap;
import dev.realmesh.host.rmm.Rmm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToLongFunction;
import java.util.stream.LongStream;

/// RMI commands one after the other on one thread, each beside VERSION of the same run, which does nothing: how many
/// times that they cost. A round gives a Realm 16 MiB in pages and takes them back.
public final class RmiBench implements AutoCloseable {
    private static final int PAGES = 4096;
    private static final int TABLES = 512;
    private static final int WARMUPS = 25;
    private static final int ROUNDS = 15;
    private static final long DRAM = 64L << 20;
    private static final long TABLES_AT = 0;
    private static final long PAGES_AT = 0x8000_0000L;
    private static final long PAGE = 4096;
    private static final long BLOCK = 2 << 20;
    private static final int LAST_LEVEL = 3;
    private static final int SOURCE = 0;
    private static final int RUN = 1;
    private static final int FIRST_PAGE = 512;

    private final Machine machine = new Machine(AddressMap.qemuVirt(DRAM), context -> new Calling());
    private final HostMemory memory = machine.hostMemory();
    private final Rmm rmm =
            new Rmm(machine, new MemoryMonitor(machine.rootMemory()), (realm, challenge) -> Bytes.EMPTY);
    private final Map<String, List<Double>> nanos = new LinkedHashMap<>();
    private int next = 2;

    private RmiBench() {}

    /// A processor that makes a host call whenever it runs.
    private static final class Calling implements RealmProcessor {
        @Override
        public Trap run(Resumption resumption) {
            return new Trap.Smc(
                    resumption.registers().withX(0, RsiCommand.HOST_CALL.fid()).withX(1, PAGES_AT));
        }

        @Override
        public void interrupt() {}

        @Override
        public void close() {}
    }

    public static void main(String[] args) {
        run();
    }

    /// Measures and prints.
    static void run() {
        try (RmiBench bench = new RmiBench()) {
            bench.measure();
        }
    }

    private void measure() {
        long fresh = makeRealm(1);
        long active = makeRealm(2);
        long rec = activate(active);
        for (int round = 0; round < WARMUPS + ROUNDS; round++) {
            if (round == WARMUPS) {
                nanos.clear();
            }
            time("VERSION", PAGES, RmiCommand.VERSION, i -> RmiCommand.VERSION_1_0);
            pages(fresh);
            tables(fresh);
            time("REC_ENTER to host call", PAGES, RmiCommand.REC_ENTER, i -> rec, i -> granule(RUN));
        }
        double version = median("VERSION");
        System.out.printf(Locale.ROOT, "%n%-24s %12s %10s %10s%n", "RMI", "per second", "us", "VERSION=1");
        nanos.keySet()
                .forEach(name -> System.out.printf(
                        Locale.ROOT,
                        "%-24s %12.0f %10.3f %10.1f%n",
                        name,
                        1e9 / median(name),
                        median(name) / 1e3,
                        median(name) / version));
    }

    private void pages(long rd) {
        IntToLongFunction granule = i -> granule(FIRST_PAGE + i);
        IntToLongFunction ipa = i -> PAGES_AT + i * PAGE;
        IntToLongFunction source = i -> granule(SOURCE);
        time("GRANULE_DELEGATE", PAGES, RmiCommand.GRANULE_DELEGATE, granule);
        time("DATA_CREATE", PAGES, RmiCommand.DATA_CREATE, i -> rd, granule, ipa, source, i -> 1);
        time("RTT_READ_ENTRY", PAGES, RmiCommand.RTT_READ_ENTRY, i -> rd, ipa, i -> LAST_LEVEL);
        time("DATA_DESTROY", PAGES, RmiCommand.DATA_DESTROY, i -> rd, ipa);
        time("DATA_CREATE unmeasured", PAGES, RmiCommand.DATA_CREATE, i -> rd, granule, ipa, source, i -> 0);
        time("DATA_DESTROY", PAGES, RmiCommand.DATA_DESTROY, i -> rd, ipa);
        time("DATA_CREATE_UNKNOWN", PAGES, RmiCommand.DATA_CREATE_UNKNOWN, i -> rd, granule, ipa);
        time("DATA_DESTROY", PAGES, RmiCommand.DATA_DESTROY, i -> rd, ipa);
        time("GRANULE_UNDELEGATE", PAGES, RmiCommand.GRANULE_UNDELEGATE, granule);
    }

    private void tables(long rd) {
        IntToLongFunction granule = i -> granule(FIRST_PAGE + i);
        IntToLongFunction ipa = i -> TABLES_AT + i * BLOCK;
        IntToLongFunction level = i -> LAST_LEVEL;
        for (int i = 0; i < TABLES; i++) {
            call(RmiCommand.GRANULE_DELEGATE, granule.applyAsLong(i));
        }
        time("RTT_CREATE", TABLES, RmiCommand.RTT_CREATE, i -> rd, granule, ipa, level);
        time("RTT_DESTROY", TABLES, RmiCommand.RTT_DESTROY, i -> rd, ipa, level);
        time("RTT_CREATE", TABLES, RmiCommand.RTT_CREATE, i -> rd, granule, ipa, level);
        time("RTT_FOLD", TABLES, RmiCommand.RTT_FOLD, i -> rd, ipa, level);
        for (int i = 0; i < TABLES; i++) {
            call(RmiCommand.GRANULE_UNDELEGATE, granule.applyAsLong(i));
        }
    }

    private void time(String name, int count, RmiCommand command, IntToLongFunction... arguments) {
        long[][] calls = new long[count][];
        for (int i = 0; i < count; i++) {
            int number = i;
            calls[i] = Arrays.stream(arguments)
                    .mapToLong(argument -> argument.applyAsLong(number))
                    .toArray();
        }
        long start = System.nanoTime();
        for (long[] call : calls) {
            call(command, call);
        }
        nanos.computeIfAbsent(name, unused -> new ArrayList<>()).add((double) (System.nanoTime() - start) / count);
    }

    private RmiResult call(RmiCommand command, long... arguments) {
        RmiResult result = RmiResult.of(rmm.smc(command.fid(), arguments));
        if (!result.status().isSuccess()) {
            throw new IllegalStateException(command + Arrays.toString(arguments) + ": " + result.status());
        }
        return result;
    }

    /// A Realm with 33-bit IPAs, RAM from 2 GiB on, and tables for its pages.
    private long makeRealm(int vmid) {
        while (next % 8 != 0) {
            next++;
        }
        long root = granule(next);
        for (int i = 0; i < 8; i++) {
            delegated();
        }
        RealmParams params = new RealmParams(
                new RealmFeatures(0, 33, 0, 1, 1, 0, 0),
                RealmPersonalizationValue.NONE,
                vmid,
                new RealmParams.RttRoot(root, 2, 8));
        write(SOURCE, params.encode());
        long rd = delegated();
        call(RmiCommand.REALM_CREATE, rd, granule(SOURCE));
        call(RmiCommand.RTT_INIT_RIPAS, rd, PAGES_AT, PAGES_AT + PAGES * PAGE);
        for (long ipa = PAGES_AT; ipa < PAGES_AT + PAGES * PAGE; ipa += BLOCK) {
            call(RmiCommand.RTT_CREATE, rd, delegated(), ipa, LAST_LEVEL);
        }
        return rd;
    }

    /// Gives a Realm a page and a REC, and activates it.
    private long activate(long rd) {
        call(RmiCommand.DATA_CREATE_UNKNOWN, rd, delegated(), PAGES_AT);
        List<Long> aux = LongStream.range(0, call(RmiCommand.REC_AUX_COUNT, rd).x1())
                .map(unused -> delegated())
                .boxed()
                .toList();
        long rec = delegated();
        write(SOURCE, new RecParams(1, 0, PAGES_AT, GeneralRegisters.zero(8), aux.size(), aux).encode());
        call(RmiCommand.REC_CREATE, rd, rec, granule(SOURCE));
        call(RmiCommand.REALM_ACTIVATE, rd);
        write(RUN, RecEnter.of(0).encode());
        return rec;
    }

    private long delegated() {
        long granule = granule(next++);
        call(RmiCommand.GRANULE_DELEGATE, granule);
        return granule;
    }

    private void write(int granule, byte[] bytes) {
        memory.write(new PhysicalAddress(granule(granule)), bytes);
    }

    private long granule(int number) {
        return memory.dram().base().value() + number * PAGE;
    }

    private double median(String name) {
        double[] sorted = nanos.getOrDefault(name, List.of()).stream()
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        return sorted[sorted.length / 2];
    }

    @Override
    public void close() {
        machine.close();
    }
}
