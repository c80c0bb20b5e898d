// SPDX-License-Identifier: Apache-2.0

/// kvmtool (`lkvm run --realm`). Start at [dev.realmesh.host.vmm.kvmtool.KvmtoolPlan].
@NullMarked
package dev.realmesh.host.vmm.kvmtool;

import org.jspecify.annotations.NullMarked;
