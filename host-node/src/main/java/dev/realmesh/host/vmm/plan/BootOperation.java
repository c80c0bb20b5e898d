// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.plan;

import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.RecParams;

/// One step of building a Realm, after its creation and before its activation.
public sealed interface BootOperation {
    /// RTT_INIT_RIPAS over a range: it becomes RAM.
    ///
    /// @param base first IPA
    /// @param top IPA after the last
    record InitRipas(long base, long top) implements BootOperation {}

    /// DATA_CREATE of each page that holds a byte of a blob; what lies around it in its first and last page is zero.
    ///
    /// @param name what it is, for people
    /// @param blob the bytes
    /// @param loadAddress IPA of the first of them
    /// @param measured whether the bytes count in the RIM; the addresses do in any case
    record LoadData(String name, Blob blob, long loadAddress, boolean measured) implements BootOperation {
        /// Bytes that count.
        public static LoadData measured(String name, Blob blob, long loadAddress) {
            return new LoadData(name, blob, loadAddress, true);
        }

        /// IPA of the first page.
        public long base() {
            return loadAddress & -BootPlan.PAGE;
        }

        /// IPA after the last page.
        public long top() {
            return BootPlan.roundUp(loadAddress + blob.size(), BootPlan.PAGE);
        }
    }

    /// REC_CREATE.
    ///
    /// @param index position of the virtual processor, from 0 in order
    /// @param runnable whether it runs at once or waits for CPU_ON; only the former is measured
    /// @param pc where it starts
    /// @param registers x0 to x7 that it starts with
    record CreateRec(int index, boolean runnable, long pc, GeneralRegisters registers) implements BootOperation {
        /// A processor that waits for CPU_ON.
        public static CreateRec waiting(int index) {
            return new CreateRec(index, false, 0, GeneralRegisters.zero(RecParams.REGISTERS));
        }
    }
}
