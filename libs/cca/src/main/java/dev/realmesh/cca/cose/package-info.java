// SPDX-License-Identifier: Apache-2.0

/// CBOR (RFC 8949) in the bounded, deterministic subset that CCA evidence and CoRIM use, COSE_Sign1 and COSE_Key
/// (RFC 9052, RFC 9053). Decoding is strict: one item, definite lengths, no duplicate keys, no floats, nothing after
/// it, and within [CborLimits]. Start at [CborValue], then [CoseSign1]; [Signatures] chooses the crypto providers.
@NullMarked
package dev.realmesh.cca.cose;

import org.jspecify.annotations.NullMarked;
