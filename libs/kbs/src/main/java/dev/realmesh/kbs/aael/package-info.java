// SPDX-License-Identifier: Apache-2.0

/// The event log of the attestation agent of Confidential Containers (AAEL): what happened in a guest, as entries whose
/// digests extend a measurement register. [dev.realmesh.kbs.aael.AaelLog] reads, writes and replays it.
@NullMarked
package dev.realmesh.kbs.aael;

import org.jspecify.annotations.NullMarked;
