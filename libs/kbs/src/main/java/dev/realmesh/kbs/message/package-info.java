// SPDX-License-Identifier: Apache-2.0

/// Messages of the KBS protocol 0.4.0 as they go over HTTP: Request, Challenge, Attestation, and the document of a
/// refusal.
@NullMarked
package dev.realmesh.kbs.message;

import org.jspecify.annotations.NullMarked;
