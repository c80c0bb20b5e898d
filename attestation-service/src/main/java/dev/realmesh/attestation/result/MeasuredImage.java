// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.result;

/// An image that a Realm had run when its evidence was made.
///
/// @param reference what it was asked for by
/// @param digest of its manifest, `sha256:…`
/// @param starts how often it was started
public record MeasuredImage(String reference, String digest, int starts) {}
