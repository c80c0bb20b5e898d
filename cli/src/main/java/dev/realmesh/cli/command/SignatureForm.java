// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

/// How a signature is kept beside its image.
enum SignatureForm {
    /// In an image that a tag names: what all that check cosign's signatures read.
    TAG,

    /// In an image about the signed one: cosign's `--registry-referrers-mode=oci-1-1`.
    REFERRER,

    /// In a bundle about the signed one: what cosign makes since its version 3.
    BUNDLE
}
