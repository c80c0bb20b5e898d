// SPDX-License-Identifier: Apache-2.0

/// Who gets which secret. Start at [dev.realmesh.keybroker.policy.ReleasePolicy]; the default,
/// [dev.realmesh.keybroker.policy.AffirmingOnly], refuses whatever it is not convinced of. Administrators' own policies
/// ([dev.realmesh.keybroker.policy.ResourcePolicies]) narrow it.
@NullMarked
package dev.realmesh.keybroker.policy;

import org.jspecify.annotations.NullMarked;
