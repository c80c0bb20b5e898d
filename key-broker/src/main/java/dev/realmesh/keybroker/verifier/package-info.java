// SPDX-License-Identifier: Apache-2.0

/// What administrators change at the verifier through this broker, as those of a Trustee KBS do. Start at
/// [dev.realmesh.keybroker.verifier.AdministerVerifier].
@NullMarked
package dev.realmesh.keybroker.verifier;

import org.jspecify.annotations.NullMarked;
