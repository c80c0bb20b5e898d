// SPDX-License-Identifier: Apache-2.0

/// Cloud Hypervisor. Start at [dev.realmesh.host.vmm.cloudhypervisor.CloudHypervisorPlan].
@NullMarked
package dev.realmesh.host.vmm.cloudhypervisor;

import org.jspecify.annotations.NullMarked;
