// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.PsciFunction;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.cca.abi.RealmParams;
import dev.realmesh.cca.abi.RecEnter;
import dev.realmesh.cca.abi.RecExit;
import dev.realmesh.cca.abi.RecParams;
import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.host.machine.MemoryProbe;
import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.machine.Resumption;
import dev.realmesh.host.machine.Trap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// Three Realms with 33-bit IPAs and every kind of granule, each under a name, for tests of one command each.
///
/// | name | what |
/// |---|---|
/// | `rd`, `active`, `off` | descriptors of a Realm that is NEW, ACTIVE, SYSTEM_OFF |
/// | `root`, `table`, `sharedtable`, `data` | of the first: a start table, tables of level 3 for `ram` and `shared`, a
/// page |
/// | `newrec`, `offrec` | RECs of the first and the third Realm |
/// | `rec`, `idle`, `second` | RECs of the second: MPIDR 0, runnable; 1, not; 2, runnable |
/// | `aux` | an auxiliary granule of `rec` |
/// | `free`, `free2`, `roots` | delegated; the last is the first of eight |
/// | `host`, `source`, `run` | granules of the host, `run` with an empty answer |
/// | `ram`, `page1`, `page2`, `hole` | IPAs of the first Realm: a page; RAM and EMPTY without one; without a table |
/// | `shared`, `shared1`, `sharedhole`, `beyond` | shared: mapped; not; without a table; no IPA |
/// | `outside` | no DRAM |
///
/// `name+n` is `n` bytes further on; all else is a number.
final class RealmFixture implements AutoCloseable {
    private static final int GRANULES = 400;
    private static final int ROOTS = 80;
    private static final long RAM = 0x8000_0000L;
    private static final long SHARED = 1L << 32;

    final TestPlatform platform = new TestPlatform(context -> new HookedProcessor(this::trap));
    private final MemoryProbe probe = new MemoryProbe(platform.machine);
    private final Map<String, Long> names = new HashMap<>();
    private final Deque<Function<Registers, Trap>> traps = new ArrayDeque<>();
    private @Nullable Resumption last;

    RealmFixture() {
        name("ram", RAM, "page1", RAM + 0x1000, "page2", RAM + 0x2000, "hole", 0xC000_0000L);
        name("shared", SHARED, "shared1", SHARED + 0x1000, "sharedhole", SHARED + (2L << 20), "beyond", 1L << 33);
        name("outside", 0x1000, "host", granule(90), "source", granule(91), "run", granule(92));
        name("free", delegated(93), "free2", delegated(94), "roots", granule(ROOTS));
        IntStream.range(ROOTS, ROOTS + 8).forEach(this::delegated);
        write("run", RecEnter.of(0).encode());
        makeRealm("rd", 0);
        makeRealm("active", 1);
        makeRealm("off", 2);
        populate();
        name("newrec", makeRec("rd", 0, 0, 1), "offrec", makeRec("off", 2, 0, 1));
        name("rec", makeRec("active", 1, 0, 1), "idle", makeRec("active", 1, 1, 0));
        name("second", makeRec("active", 1, 2, 1), "aux", value("rec") + 4096);
        succeed(RmiCommand.REALM_ACTIVATE, "active");
        succeed(RmiCommand.REALM_ACTIVATE, "off");
        enter("offrec", registers -> new Trap.Smc(registers.withX(0, PsciFunction.SYSTEM_OFF.fid())));
    }

    /// What a name or number stands for.
    long value(String text) {
        String[] parts = text.split("\\+", -1);
        Long named = names.get(parts[0]);
        long base = named == null ? Long.decode(parts[0]) : named;
        return parts.length == 1 ? base : base + Long.decode(parts[1]);
    }

    /// Gives a value a name.
    void name(String name, long value) {
        names.put(name, value);
    }

    /// Writes to a granule of the host.
    void write(String granule, byte[] bytes) {
        platform.memory.write(new PhysicalAddress(value(granule)), bytes);
    }

    /// The little-endian word at `offset` in a granule of the host.
    long word(String granule, int offset) {
        byte[] bytes = platform.memory.readGranule(new PhysicalAddress(value(granule)));
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(offset);
    }

    /// Calls `command` with arguments by their names.
    RmiResult call(RmiCommand command, String arguments) {
        return platform.call(command, values(arguments));
    }

    /// Calls a command that must succeed.
    RmiResult succeed(RmiCommand command, String arguments) {
        return platform.succeed(command, values(arguments));
    }

    /// Calls a command that must be refused with `status`, results of 0, and nothing changed.
    void refuse(RmiCommand command, String arguments, String status) {
        refuse(command, arguments, status, "0", "0");
    }

    /// As [#refuse(RmiCommand, String, String)], with results in x1 and x2.
    void refuse(RmiCommand command, String arguments, String status, String x1, String x2) {
        List<Object> before = everything();
        RmiResult result = call(command, arguments);
        assertThat(result.status()).as("%s %s", command, arguments).hasToString(status);
        assertThat(result.x1()).as("x1 of %s", command).isEqualTo(value(x1));
        assertThat(result.x2()).as("x2 of %s", command).isEqualTo(value(x2));
        assertThat(everything()).as("after %s %s", command, arguments).isEqualTo(before);
    }

    /// Enters a REC which then runs `action`, as if the host did that from another processor, and is interrupted.
    void whileRunning(String rec, Runnable action) {
        enter(rec, registers -> {
            action.run();
            return interrupted(registers);
        });
    }

    /// Enters a REC whose next traps are what `next` make of its registers; after that it is interrupted.
    @SafeVarargs
    final RecExit enter(String rec, Function<Registers, Trap>... next) {
        traps.clear();
        traps.addAll(List.of(next));
        succeed(RmiCommand.REC_ENTER, rec + " run");
        return RecExit.decode(platform.memory.readGranule(new PhysicalAddress(value("run"))));
    }

    /// Enters a REC that calls `fid` with arguments in x1, x2, ….
    RecExit enterCalling(String rec, long fid, String arguments) {
        return enter(rec, registers -> calling(registers, fid, arguments));
    }

    /// Enters a REC that calls `fid`, which returns to it: its registers then.
    Registers registersAfter(String rec, long fid, String arguments) {
        List<Registers> after = new ArrayList<>();
        enter(rec, registers -> calling(registers, fid, arguments), registers -> {
            after.add(registers);
            return interrupted(registers);
        });
        assertThat(after).as("0x%x %s returned", fid, arguments).hasSize(1);
        return after.getFirst();
    }

    /// How a REC was let run the last time.
    Resumption lastResumption() {
        return Objects.requireNonNull(last);
    }

    /// A REC that makes a call.
    Trap calling(Registers registers, long fid, String arguments) {
        return new Trap.Smc(registers.withFirst(LongStream.concat(LongStream.of(fid), Arrays.stream(values(arguments)))
                .toArray()));
    }

    /// A REC that is interrupted.
    static Trap interrupted(Registers registers) {
        return new Trap.Interrupt(registers, Trap.Interrupt.Kind.IRQ);
    }

    @Override
    public void close() {
        platform.close();
    }

    private void makeRealm(String name, int number) {
        int first = realm(number);
        IntStream.range(first, first + 11).forEach(this::delegated);
        name(name, granule(first + 8));
        RealmParams params = new RealmParams(
                new RealmFeatures(0, 33, 0, 1, 1, 0, 0),
                RealmPersonalizationValue.NONE,
                number,
                new RealmParams.RttRoot(granule(first), 2, 8));
        write("source", params.encode());
        succeed(RmiCommand.REALM_CREATE, name + " source");
        platform.succeed(RmiCommand.RTT_CREATE, value(name), granule(first + 9), RAM, 3);
        platform.succeed(RmiCommand.RTT_CREATE, value(name), granule(first + 10), SHARED, 3);
        platform.succeed(RmiCommand.RTT_INIT_RIPAS, value(name), RAM, value("page2"));
        write("source", new byte[4096]);
    }

    private void populate() {
        int first = realm(0);
        name("root", granule(first + 2), "table", granule(first + 9), "sharedtable", granule(first + 10));
        name("data", delegated(first + 11));
        succeed(RmiCommand.DATA_CREATE, "rd data ram source 1");
        succeed(RmiCommand.RTT_MAP_UNPROTECTED, "rd shared 3 " + (value("host") | 0xDC));
    }

    private long makeRec(String realm, int number, int index, int flags) {
        int first = realm(number) + 20 + 20 * index;
        List<Long> aux = IntStream.rangeClosed(first + 1, first + 16)
                .mapToObj(this::delegated)
                .toList();
        write("source", new RecParams(flags, index, RAM, GeneralRegisters.zero(8), 16, aux).encode());
        platform.succeed(RmiCommand.REC_CREATE, value(realm), delegated(first), value("source"));
        write("source", new byte[4096]);
        return granule(first);
    }

    /// All that a command could have changed.
    private List<Object> everything() {
        List<Object> all = new ArrayList<>();
        all.add(platform.rmm.census());
        for (int number = 0; number < GRANULES; number++) {
            PhysicalAddress granule = TestPlatform.granule(number);
            all.add(platform.rmm.stateOf(granule));
            all.add(platform.rmm.references(granule));
            all.add(Arrays.hashCode(probe.read(granule)));
        }
        return all;
    }

    private Trap trap(Resumption resumption) {
        last = resumption;
        Registers registers = resumption.registers();
        return traps.isEmpty() ? interrupted(registers) : traps.removeFirst().apply(registers);
    }

    private long[] values(String arguments) {
        return arguments.isBlank()
                ? new long[0]
                : Arrays.stream(arguments.strip().split("\\s+"))
                        .mapToLong(this::value)
                        .toArray();
    }

    private void name(Object... pairs) {
        for (int at = 0; at < pairs.length; at += 2) {
            name((String) pairs[at], ((Number) pairs[at + 1]).longValue());
        }
    }

    private long delegated(int number) {
        platform.succeed(RmiCommand.GRANULE_DELEGATE, granule(number));
        return granule(number);
    }

    private static int realm(int number) {
        return 104 + 96 * number;
    }

    private static long granule(int number) {
        return TestPlatform.granule(number).value();
    }
}
