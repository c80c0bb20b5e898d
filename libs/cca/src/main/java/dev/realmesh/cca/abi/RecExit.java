// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

import java.nio.ByteBuffer;

/// RmiRecExit: the second half of the run page, by which the RMM tells the host why a REC left. What a case does not
/// carry is zero in the page.
public sealed interface RecExit {
    /// Offset of the exit in the run page.
    int OFFSET = 0x800;

    /// A synchronous exception: an abort that the host must resolve or emulate, or a trapped WFI or WFE.
    ///
    /// @param esr syndrome, without what is none of the host's business
    /// @param far for an emulatable access, the low 12 bits of its address, else zero
    /// @param hpfar the faulting page: IPA bits from 12 on, at bit 4
    /// @param registers x0 is the value that an emulatable store writes
    record Sync(long esr, long far, long hpfar, GeneralRegisters registers) implements RecExit {
        @Override
        public Reason reason() {
            return Reason.SYNC;
        }
    }

    /// An interrupt for the host.
    record Irq() implements RecExit {
        @Override
        public Reason reason() {
            return Reason.IRQ;
        }
    }

    /// A fast interrupt for the host.
    record Fiq() implements RecExit {
        @Override
        public Reason reason() {
            return Reason.FIQ;
        }
    }

    /// A PSCI call that the host takes part in.
    ///
    /// @param registers x0 is the function, x1 the MPIDR that it names
    record Psci(GeneralRegisters registers) implements RecExit {
        @Override
        public Reason reason() {
            return Reason.PSCI;
        }
    }

    /// The Realm asks to change the RIPAS of a range; the host answers by RTT_SET_RIPAS, as far as it likes.
    ///
    /// @param base first address
    /// @param top address after the last
    /// @param ripas what the range shall become
    record RipasChange(long base, long top, Ripas ripas) implements RecExit {
        @Override
        public Reason reason() {
            return Reason.RIPAS_CHANGE;
        }
    }

    /// RSI_HOST_CALL: the Realm speaks to the host.
    ///
    /// @param immediate 16 bits that the Realm chose
    /// @param registers x0 to x30 that the Realm chose
    record HostCall(int immediate, GeneralRegisters registers) implements RecExit {
        @Override
        public Reason reason() {
            return Reason.HOST_CALL;
        }
    }

    /// A system error: the processor cannot go on.
    ///
    /// @param esr syndrome
    record SError(long esr) implements RecExit {
        @Override
        public Reason reason() {
            return Reason.SERROR;
        }
    }

    /// Kinds of exits, in the order of their numbers in `exit_reason`.
    enum Reason {
        SYNC(0),
        IRQ(1),
        FIQ(2),
        PSCI(3),
        RIPAS_CHANGE(4),
        HOST_CALL(5),
        SERROR(6);

        private final int number;

        Reason(int number) {
            this.number = number;
        }

        /// The number in `exit_reason`.
        public int number() {
            return number;
        }
    }

    /// The kind of this exit.
    Reason reason();

    /// Reads the second half of a run page.
    ///
    /// @throws IllegalArgumentException if it holds no exit of RMM 1.0
    static RecExit decode(byte[] bytes) {
        ByteBuffer page = Page.over(bytes);
        long reason = page.getLong(OFFSET);
        GeneralRegisters registers = GeneralRegisters.read(page, OFFSET + 0x200, RecEnter.REGISTERS);
        long esr = page.getLong(OFFSET + 0x100);
        return switch ((int) reason) {
            case 0 -> new Sync(esr, page.getLong(OFFSET + 0x108), page.getLong(OFFSET + 0x110), registers);
            case 1 -> new Irq();
            case 2 -> new Fiq();
            case 3 -> new Psci(registers);
            case 4 ->
                new RipasChange(
                        page.getLong(OFFSET + 0x500),
                        page.getLong(OFFSET + 0x508),
                        page.get(OFFSET + 0x510) == 0 ? Ripas.EMPTY : Ripas.RAM);
            case 5 -> new HostCall(page.getInt(OFFSET + 0x600), registers);
            case 6 -> new SError(esr);
            default -> throw new IllegalArgumentException("exit reason: " + reason + " (expected: 0-6)");
        };
    }

    /// The second half of a run page, 2048 bytes, of a REC that has no interrupts.
    default byte[] encode() {
        return encode(0, GeneralRegisters.zero(RecEnter.LIST_REGISTERS));
    }

    /// The second half of a run page: 2048 bytes.
    ///
    /// @param gicHcr interrupt controller control bits
    /// @param gicLrs list registers: the interrupts that the REC did not take
    default byte[] encode(long gicHcr, GeneralRegisters gicLrs) {
        ByteBuffer exit = Page.over(Page.empty());
        exit.putLong(0, reason().number());
        exit.putLong(0x300, gicHcr);
        gicLrs.write(exit, 0x308);
        switch (this) {
            case Sync sync -> {
                exit.putLong(0x100, sync.esr());
                exit.putLong(0x108, sync.far());
                exit.putLong(0x110, sync.hpfar());
                sync.registers().write(exit, 0x200);
            }
            case Irq irq -> exit.putLong(0, irq.reason().number());
            case Fiq fiq -> exit.putLong(0, fiq.reason().number());
            case Psci psci -> psci.registers().write(exit, 0x200);
            case RipasChange change -> {
                exit.putLong(0x500, change.base());
                exit.putLong(0x508, change.top());
                exit.put(0x510, (byte) change.ripas().number());
            }
            case HostCall call -> {
                exit.putInt(0x600, call.immediate());
                call.registers().write(exit, 0x200);
            }
            case SError error -> exit.putLong(0x100, error.esr());
        }
        byte[] half = new byte[PhysicalAddress.GRANULE_SIZE - OFFSET];
        exit.get(0, half);
        return half;
    }
}
