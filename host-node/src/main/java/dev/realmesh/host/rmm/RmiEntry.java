// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm;

/// The SMC instruction of the host: the one door of the Realm Management Interface. Any thread may call, also while
/// others are inside; REC_ENTER blocks as long as the Realm runs.
@FunctionalInterface
public interface RmiEntry {
    /// Calls function `fid` with `arguments` in x1, x2, …; missing ones are zero.
    ///
    /// @return x0 to x4, to be read by [dev.realmesh.cca.abi.RmiResult#of(long[])]
    long[] smc(long fid, long... arguments);
}
