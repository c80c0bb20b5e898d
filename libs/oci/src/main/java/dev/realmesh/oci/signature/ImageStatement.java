// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.signature;

import dev.realmesh.oci.OciDigest;
import java.util.Optional;
import java.util.Set;

/// What is signed of an image.
public sealed interface ImageStatement permits SimpleSigning, InTotoStatement {
    /// Digests of its manifest or index.
    Set<OciDigest> digests();

    /// The name that it has, `host/repository`; absent where the form has none.
    Optional<String> name();

    /// How it is written.
    StatementForm form();

    /// The payload.
    byte[] toJson();
}
