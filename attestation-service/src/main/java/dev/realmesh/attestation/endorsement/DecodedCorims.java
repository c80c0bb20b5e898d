// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.endorsement;

import dev.realmesh.cca.corim.Corim;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The CoRIMs that were read last, decoded. A stored CoRIM never changes, so none is ever stale.
final class DecodedCorims {
    private static final int MOST = 256;

    private final Map<Long, Corim> byKey = new LinkedHashMap<>(16, 0.75f, true);

    synchronized Optional<Corim> find(long key) {
        return Optional.ofNullable(byKey.get(key));
    }

    synchronized Corim keep(long key, Corim corim) {
        byKey.put(key, corim);
        if (byKey.size() > MOST) {
            byKey.remove(byKey.keySet().iterator().next());
        }
        return corim;
    }
}
