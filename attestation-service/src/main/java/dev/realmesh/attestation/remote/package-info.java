// SPDX-License-Identifier: Apache-2.0

/// Services elsewhere that this one asks over HTTP, and what is done while they do not answer. Start at
/// [dev.realmesh.attestation.remote.RemoteService]; what is asked, the packages `veraison` and `opa` know.
@NullMarked
package dev.realmesh.attestation.remote;

import org.jspecify.annotations.NullMarked;
