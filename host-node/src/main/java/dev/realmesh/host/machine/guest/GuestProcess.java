// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.SmcConduit;
import dev.realmesh.cca.abi.SmcConduit.Reply;
import dev.realmesh.cca.abi.SmcConduit.Request;
import dev.realmesh.cca.abi.SmcConduit.Request.Call;
import dev.realmesh.cca.abi.SmcConduit.Request.Load;
import dev.realmesh.cca.abi.SmcConduit.Request.Store;
import dev.realmesh.host.machine.ProcessorContext;
import dev.realmesh.host.machine.RealmProcessor;
import dev.realmesh.host.machine.RealmProcessorFactory;
import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.machine.Resumption;
import dev.realmesh.host.machine.StageTwoFault;
import dev.realmesh.host.machine.Syndrome;
import dev.realmesh.host.machine.Trap;
import dev.realmesh.host.machine.guest.GuestEvents.Event.Gone;
import dev.realmesh.host.machine.guest.GuestEvents.Event.Interrupted;
import dev.realmesh.host.machine.guest.GuestEvents.Event.Requested;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A Realm's processor whose instructions are those of a sandboxed process. Its first run boots the guest out of Realm
/// memory; then it is driven by the conduit, by which the process makes SMC calls and reaches Realm memory. Between
/// its traps the process runs by itself.
///
/// The program counter moves when the RMM advances it, with each call that it has done. A call that comes back with the
/// counter where it was is to be made again, as real hardware would.
public final class GuestProcess implements RealmProcessor {
    private static final Logger LOG = LoggerFactory.getLogger(GuestProcess.class);
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final ProcessorContext context;
    private final GuestMemory bootMemory;
    private final Sandbox sandbox;
    private final MemoryFolders folders;
    private final Path folder;
    private final GuestEvents events = new GuestEvents();
    private final ReentrantLock lifecycle = new ReentrantLock();
    private @Nullable GuestRun guest;
    private @Nullable Asked pending;
    private boolean closed;

    /// What the guest waits for.
    ///
    /// @param at the processor's registers when it trapped
    private record Asked(Request request, Registers at) {}

    private GuestProcess(ProcessorContext context, Sandbox sandbox, MemoryFolders folders) {
        this.context = context;
        this.bootMemory = new GuestMemory(context.memory());
        this.sandbox = sandbox;
        this.folders = folders;
        this.folder = folders.create("guest-" + COUNT.incrementAndGet());
    }

    /// Processors that start their guests in `sandbox` and keep them in `folders`: a Realm's first one boots the guest,
    /// the others idle.
    public static RealmProcessorFactory factory(Sandbox sandbox, MemoryFolders folders) {
        return context -> context.mpidr() == 0 ? new GuestProcess(context, sandbox, folders) : new ParkedProcessor();
    }

    @Override
    public Trap run(Resumption resumption) {
        Registers registers = resumption.registers();
        try {
            GuestRun running = guest;
            if (running == null) {
                return bootAndRun(resumption);
            }
            Optional<Trap> again = resume(running, resumption);
            return again.isPresent() ? again.get() : next(running, registers);
        } catch (GuestMemory.FaultException e) {
            return new Trap.Synchronous(registers, Syndrome.of(e.fault()));
        } catch (GuestException e) {
            return end(String.valueOf(e.getMessage()));
        }
    }

    private Trap bootAndRun(Resumption resumption) {
        GuestRun running;
        lifecycle.lock();
        try {
            if (closed) {
                return new Trap.Ended();
            }
            if (resumption instanceof Resumption.Abort) {
                return end("the guest's memory is not there when it boots");
            }
            running = boot(resumption.registers());
            guest = running;
        } finally {
            lifecycle.unlock();
        }
        return next(running, resumption.registers());
    }

    private GuestRun boot(Registers entry) {
        Path root = folders.clear(folder.resolve("root"));
        GuestBoot boot = GuestBoot.from(bootMemory, entry, root);
        Sandbox.Content content = new Sandbox.Content(boot, root, folder.resolve("smc.sock"), context.devices());
        return GuestRun.start(sandbox, content, sandbox.group(boot, folder), new GuestRun.Outlets(events, this::print));
    }

    /// Lets the guest know how its pending request ended; a trap if it must be made again.
    private Optional<Trap> resume(GuestRun running, Resumption resumption) {
        Asked asked = pending;
        if (asked == null) {
            return Optional.empty();
        }
        if (asked.request() instanceof Call) {
            return resumeCall(running, asked.at(), resumption);
        }
        if (resumption instanceof Resumption.Abort abort) {
            answer(running, new Reply.Aborted(abort.esr()));
            return Optional.empty();
        }
        return access(running, asked.request(), resumption.registers());
    }

    private Optional<Trap> resumeCall(GuestRun running, Registers at, Resumption resumption) {
        Registers registers = resumption.registers();
        if (resumption instanceof Resumption.Abort) {
            return Optional.of(end("the guest's call aborted"));
        }
        if (registers.pc() == at.pc()) {
            return Optional.of(new Trap.Smc(registers));
        }
        answer(running, new Reply.Returned(registers.general().resized(SmcConduit.REGISTERS)));
        return Optional.empty();
    }

    /// Runs the guest until it traps.
    private Trap next(GuestRun running, Registers registers) {
        while (true) {
            GuestEvents.Event event = events.take();
            if (event instanceof Interrupted) {
                return new Trap.Interrupt(registers, Trap.Interrupt.Kind.IRQ);
            }
            if (event instanceof Gone gone) {
                return end(gone.why());
            }
            if (event instanceof Requested requested) {
                Optional<Trap> trap = ask(running, requested.request(), registers);
                if (trap.isPresent()) {
                    return trap.get();
                }
            }
        }
    }

    private Optional<Trap> ask(GuestRun running, Request request, Registers registers) {
        if (request instanceof Call call) {
            Registers calling = registers.withFirst(values(call.registers()));
            pending = new Asked(call, calling);
            return Optional.of(new Trap.Smc(calling));
        }
        pending = new Asked(request, registers);
        return access(running, request, registers);
    }

    private static long[] values(GeneralRegisters registers) {
        return IntStream.range(0, registers.count()).mapToLong(registers::get).toArray();
    }

    /// Does an access of the guest to its memory; a trap if stage 2 does not let it pass.
    private Optional<Trap> access(GuestRun running, Request request, Registers registers) {
        return switch (request) {
            case Load load -> {
                byte[] data = new byte[load.size()];
                Optional<StageTwoFault> fault = context.memory().load(load.ipa(), data, 0, data.length);
                yield answerOrTrap(running, fault, new Reply.Loaded(Bytes.copyOf(data)), registers);
            }
            case Store store -> {
                byte[] data = store.data().toByteArray();
                Optional<StageTwoFault> fault = context.memory().store(store.ipa(), data, 0, data.length);
                yield answerOrTrap(running, fault, new Reply.Stored(), registers);
            }
            case Call call -> throw new IllegalArgumentException("no access: " + call);
        };
    }

    private Optional<Trap> answerOrTrap(
            GuestRun running, Optional<StageTwoFault> fault, Reply success, Registers registers) {
        if (fault.isPresent()) {
            return Optional.of(new Trap.Synchronous(registers, Syndrome.of(fault.get())));
        }
        answer(running, success);
        return Optional.empty();
    }

    private void answer(GuestRun running, Reply reply) {
        pending = null;
        running.answer(reply);
    }

    private Trap end(String why) {
        print(why);
        close();
        return new Trap.Ended();
    }

    private void print(String line) {
        LOG.debug("{}: {}", context.realm(), line);
        context.devices().console().ifPresent(console -> console.lines().accept(line));
    }

    @Override
    public void interrupt() {
        events.interrupted();
    }

    @Override
    public void close() {
        events.gone("the processor was switched off");
        lifecycle.lock();
        try {
            if (!closed) {
                closed = true;
                if (guest != null) {
                    guest.close();
                }
                MemoryFolders.delete(folder);
            }
        } finally {
            lifecycle.unlock();
        }
    }
}
