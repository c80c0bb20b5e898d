// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.forward;

import io.grpc.Metadata;
import java.util.List;

/// Metadata that says which Realm a call came from. Only the host's end of a guarded link sets it; what callers
/// from outside the mesh send under these names is dropped where they enter.
///
/// It tells where a call came from and is no credential: the host that sets it is not trusted with secrets.
public final class RealmMetadata {
    /// Id of the Realm whose guest made the call.
    public static final Metadata.Key<String> REALM_ID =
            Metadata.Key.of("realmesh-realm-id", Metadata.ASCII_STRING_MARSHALLER);

    private static final List<String> OWN = List.of("realmesh-", "grpc-");

    private RealmMetadata() {}

    /// Drops from `headers` what only the mesh itself, or a transport, may say.
    public static void strip(Metadata headers) {
        for (String name : List.copyOf(headers.keys())) {
            if (OWN.stream().anyMatch(name::startsWith)) {
                discard(headers, name);
            }
        }
    }

    private static void discard(Metadata headers, String name) {
        if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
            headers.discardAll(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER));
        } else {
            headers.discardAll(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
        }
    }
}
