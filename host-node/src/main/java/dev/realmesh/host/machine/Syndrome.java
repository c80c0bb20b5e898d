// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;

/// What the exception syndrome registers of EL2 say of a synchronous exception.
///
/// @param esr ESR_EL2
/// @param far FAR_EL2: the faulting virtual address
/// @param hpfar HPFAR_EL2: bits of the faulting IPA from 12 on, at bit 4
public record Syndrome(long esr, long far, long hpfar) {
    /// Exception class of a trapped WFI or WFE.
    public static final int CLASS_WFX = 0x01;
    /// Exception class of an HVC.
    public static final int CLASS_HVC = 0x16;
    /// Exception class of an instruction abort from a lower exception level.
    public static final int CLASS_INSTRUCTION_ABORT = 0x20;
    /// Exception class of a data abort from a lower exception level.
    public static final int CLASS_DATA_ABORT = 0x24;

    /// Fault status of a granule protection fault on the access itself.
    public static final int STATUS_GRANULE_PROTECTION = 0x28;

    private static final int CLASS_SHIFT = 26;
    private static final long INSTRUCTION_LENGTH_32 = 1L << 25;
    private static final long VALID = 1L << 24;
    private static final long SIZE_SHIFT = 22;
    private static final long REGISTER_SHIFT = 16;
    private static final long SIXTY_FOUR_BIT = 1L << 15;
    private static final long WRITE = 1L << 6;
    private static final int TRANSLATION_FAULT = 0x04;
    private static final int PERMISSION_FAULT = 0x0C;

    /// The abort that a processor takes when stage 2 does not let an access pass.
    public static Syndrome of(StageTwoFault fault) {
        int exceptionClass = fault.access() == StageTwoFault.Access.FETCH ? CLASS_INSTRUCTION_ABORT : CLASS_DATA_ABORT;
        long write = fault.access() == StageTwoFault.Access.STORE ? WRITE : 0;
        int status = switch (fault.cause()) {
            case TRANSLATION -> TRANSLATION_FAULT + fault.level();
            case PERMISSION -> PERMISSION_FAULT + fault.level();
            case GRANULE_PROTECTION -> STATUS_GRANULE_PROTECTION;
        };
        long esr = (long) exceptionClass << CLASS_SHIFT | INSTRUCTION_LENGTH_32 | write | status;
        IntermediatePhysicalAddress ipa = fault.ipa();
        return new Syndrome(esr, ipa.value(), (ipa.value() >>> 12) << 4);
    }

    /// This data abort, with what an emulator of the access needs: the access moves `bytes` (1, 2, 4 or 8) between
    /// memory and x`register`.
    public Syndrome withTransfer(int bytes, int register) {
        long size = Integer.numberOfTrailingZeros(bytes);
        return new Syndrome(
                esr | VALID | size << SIZE_SHIFT | (long) register << REGISTER_SHIFT | SIXTY_FOUR_BIT, far, hpfar);
    }

    /// Bits 31:26 of ESR_EL2.
    public int exceptionClass() {
        return (int) (esr >>> CLASS_SHIFT) & 0x3F;
    }

    /// Whether the syndrome describes the transfer.
    public boolean isTransferValid() {
        return (esr & VALID) != 0;
    }

    /// Whether the access is a store.
    public boolean isWrite() {
        return (esr & WRITE) != 0;
    }

    /// Number of the register of the transfer; 31 is the zero register.
    public int register() {
        return (int) (esr >>> REGISTER_SHIFT) & 0x1F;
    }

    /// Bytes that the transfer moves.
    public int transferSize() {
        return 1 << ((int) (esr >>> SIZE_SHIFT) & 3);
    }

    /// The faulting page.
    public IntermediatePhysicalAddress page() {
        return new IntermediatePhysicalAddress((hpfar >>> 4) << 12);
    }
}
