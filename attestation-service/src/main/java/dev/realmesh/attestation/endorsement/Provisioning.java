// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.endorsement;

import dev.realmesh.attestation.media.MediaTypes;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.Corim;
import dev.realmesh.cca.corim.CorimException;
import dev.realmesh.cca.corim.CorimProfile;
import dev.realmesh.cca.corim.SignedCorim;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Takes CoRIMs in: media type, signature if signed, rules of the profile, another verifier that is to have them too,
/// then the store.
public final class Provisioning {
    private final Onward onward;
    private final EndorsementStore store;
    private final List<Bytes> roots;
    private final InstantSource clock;

    /// @param roots certificates in DER that signed CoRIMs must lead up to; without one, no signed CoRIM is taken
    public Provisioning(EndorsementStore store, List<Bytes> roots, InstantSource clock) {
        this(store, roots, clock, Onward.NOWHERE);
    }

    /// @param onward where CoRIMs go on to before they are stored
    public Provisioning(EndorsementStore store, List<Bytes> roots, InstantSource clock, Onward onward) {
        this.onward = onward;
        this.store = store;
        this.roots = List.copyOf(roots);
        this.clock = clock;
    }

    /// Stores a CoRIM, unsigned or signed.
    ///
    /// @param mediaType its media type; empty if the content alone tells
    /// @return its id
    /// @throws EndorsementException if it is not taken; then nothing is stored
    public String submit(Bytes content, String mediaType) {
        Corim corim = read(content);
        boolean signed = SignedCorim.isSigned(content);
        requireMatch(mediaType, corim.profile(), signed);
        store.requireNew(corim, content);
        onward.submit(
                content,
                signed ? corim.profile().signedMediaType() : corim.profile().mediaType());
        store.add(corim, content);
        return corim.id();
    }

    private Corim read(Bytes content) {
        try {
            return SignedCorim.isSigned(content)
                    ? SignedCorim.decode(content).verify(roots, clock.instant())
                    : Corim.decode(content);
        } catch (CorimException e) {
            throw new EndorsementException.Refused(e);
        }
    }

    private static void requireMatch(String mediaType, CorimProfile profile, boolean signed) {
        String expected = signed ? profile.signedMediaType() : profile.mediaType();
        if (!mediaType.isEmpty() && !MediaTypes.isSame(mediaType, expected)) {
            boolean known = Arrays.stream(CorimProfile.values())
                    .flatMap(each -> Stream.of(each.mediaType(), each.signedMediaType()))
                    .anyMatch(type -> MediaTypes.isSame(mediaType, type));
            throw new EndorsementException.WrongMediaType(known ? mediaType : "unknown", expected);
        }
    }
}
