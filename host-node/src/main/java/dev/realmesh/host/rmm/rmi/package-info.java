// SPDX-License-Identifier: Apache-2.0

/// The Realm Management Interface: what the untrusted host asks of the RMM by SMC. One class a command: it checks its
/// conditions in the order that the specification's implementation does, then changes state; a refused command changes
/// nothing. Start at [dev.realmesh.host.rmm.rmi.HostCalls] and [dev.realmesh.host.rmm.rmi.DataCreate].
@NullMarked
package dev.realmesh.host.rmm.rmi;

import org.jspecify.annotations.NullMarked;
