// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.result;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.TrustTier;
import java.time.Instant;
import java.util.Set;

/// Which results are meant; all conditions must hold.
///
/// @param realmId only this label; empty is any
/// @param rim only this RIM; empty is any
/// @param instanceId only this platform; empty is any
/// @param image only Realms that had run this one, by digest or reference; empty is any
/// @param statuses only these
/// @param issuedFrom only results issued at or after; [Instant#EPOCH] is any
/// @param issuedBefore only results issued before; [#FOREVER] is any
public record ResultFilter(
        String realmId,
        Bytes rim,
        Bytes instanceId,
        String image,
        Set<TrustTier> statuses,
        Instant issuedFrom,
        Instant issuedBefore) {
    /// After every result.
    public static final Instant FOREVER = Instant.parse("9999-12-31T23:59:59Z");
    /// Every result.
    public static final ResultFilter ALL =
            new ResultFilter("", Bytes.EMPTY, Bytes.EMPTY, "", Set.of(TrustTier.values()), Instant.EPOCH, FOREVER);

    public ResultFilter {
        statuses = Set.copyOf(statuses);
    }
}
