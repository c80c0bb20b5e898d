// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.rsi;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.PsciFunction;
import dev.realmesh.cca.abi.PsciStatus;
import dev.realmesh.cca.abi.RecParams;
import dev.realmesh.cca.abi.SmcConduit;
import dev.realmesh.cca.abi.SmcConduit.Reply;
import dev.realmesh.cca.abi.SmcConduit.Request;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/// The emulated processor that this program runs on: its SMC instruction and its loads and stores of Realm memory, over
/// the
/// Unix socket that the sandbox was given. Thread-safe: requests go one by one.
///
/// A thread of its own does the I/O, because an interrupt of a thread that blocks on a channel closes the channel, and
/// a
/// cancelled call must not cost the Realm its processor.
public final class Conduit implements AutoCloseable {
    private final SocketChannel socket;
    private final InputStream in;
    private final OutputStream out;
    private final ExecutorService executor;

    private Conduit(SocketChannel socket) {
        this.socket = socket;
        this.in = new BufferedInputStream(Channels.newInputStream(socket));
        this.out = Channels.newOutputStream(socket);
        this.executor = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("smc-conduit").factory());
    }

    /// Connects to the processor.
    ///
    /// @throws RsiException.Disconnected if there is none
    public static Conduit connect(Path path) {
        try {
            return new Conduit(SocketChannel.open(UnixDomainSocketAddress.of(path)));
        } catch (IOException e) {
            throw new RsiException.Disconnected("SMC conduit " + path, e);
        }
    }

    /// The SMC instruction.
    ///
    /// @param registers x0 (the function), x1, …; those not given are zero
    /// @return x0 to x17
    public GeneralRegisters call(GeneralRegisters registers) {
        Reply reply = exchange(new Request.Call(registers));
        if (reply instanceof Reply.Returned returned) {
            return returned.registers();
        }
        throw unexpected("SMC", reply);
    }

    /// Loads `size` bytes, 1 to 4096, of one page.
    ///
    /// @throws RsiException.Aborted if the processor took an abort instead
    public Bytes load(IntermediatePhysicalAddress ipa, int size) {
        Reply reply = exchange(new Request.Load(ipa, size));
        if (reply instanceof Reply.Loaded loaded && loaded.data().size() == size) {
            return loaded.data();
        }
        if (reply instanceof Reply.Aborted aborted) {
            throw new RsiException.Aborted(ipa, aborted.esr());
        }
        throw unexpected("load of " + size + " bytes", reply);
    }

    /// PSCI CPU_ON: turns another processor of the Realm on.
    ///
    /// @param index the processor's position, from 1
    /// @param entry where it starts
    /// @throws RsiException.Refused if it is not on afterwards
    public void cpuOn(int index, IntermediatePhysicalAddress entry) {
        long status = call(GeneralRegisters.of(PsciFunction.CPU_ON.fid(), RecParams.mpidr(index), entry.value(), 0))
                .get(0);
        if (status != PsciStatus.SUCCESS.code() && status != PsciStatus.ALREADY_ON.code()) {
            throw new RsiException.Refused("PSCI CPU_ON of processor " + index, "status " + status);
        }
    }

    /// PSCI SYSTEM_OFF: ends the Realm. In a Realm that ends the call does not return, so this processor is gone
    /// afterwards.
    ///
    /// @throws RsiException.Refused if the call does return
    public void systemOff() {
        GeneralRegisters returned;
        try {
            returned = call(GeneralRegisters.of(PsciFunction.SYSTEM_OFF.fid()));
        } catch (RsiException.Disconnected ended) {
            close();
            return;
        }
        throw new RsiException.Refused("PSCI SYSTEM_OFF", "status " + returned.get(0));
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException ignored) {
            // The Realm leaves its processor; there is nobody left to tell.
        }
        executor.shutdown();
    }

    private Reply exchange(Request request) {
        try {
            return CompletableFuture.supplyAsync(() -> exchangeNow(request), executor)
                    .join();
        } catch (RejectedExecutionException e) {
            throw new RsiException.Disconnected("SMC conduit", e);
        } catch (CompletionException e) {
            throw e.getCause() instanceof RsiException known ? known : e;
        }
    }

    private Reply exchangeNow(Request request) {
        try {
            SmcConduit.write(out, request);
            return SmcConduit.readReply(in);
        } catch (IOException e) {
            throw new RsiException.Disconnected("SMC conduit", e);
        }
    }

    private static RsiException unexpected(String request, Reply reply) {
        return new RsiException.Malformed(
                request, "answered by " + reply.getClass().getSimpleName());
    }
}
