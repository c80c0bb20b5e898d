// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.monitor;

/// What GTSI_DELEGATE and GTSI_UNDELEGATE return.
public enum GtsiStatus {
    /// 0: done.
    SUCCESS,
    /// -2, BAD_ADDR: the address is no granule of DRAM.
    BAD_ADDRESS,
    /// -3: the granule is in another physical address space than the call moves it from.
    BAD_PAS
}
