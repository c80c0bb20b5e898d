// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.token;

import dev.realmesh.cca.cose.CborValue;
import java.util.Optional;

/// Whether a Realm has a memory encryption context of its own, claim 44243. Tokens of 2023 carry it as a text, those of
/// 2024 as a number; either is read.
public enum MecPolicy {
    /// It shares its context with others.
    SHARED("shared", 0),
    /// Its context is its own.
    PRIVATE("private", 1);

    private final String text;
    private final int number;

    MecPolicy(String text, int number) {
        this.text = text;
        this.number = number;
    }

    /// The policy of a claim's value; empty if it is none that is known.
    static Optional<MecPolicy> of(CborValue claim) {
        for (MecPolicy policy : values()) {
            if (claim.equals(CborValue.of(policy.text)) || claim.equals(CborValue.of(policy.number))) {
                return Optional.of(policy);
            }
        }
        return Optional.empty();
    }

    /// The claim in a token of `profile`.
    CborValue claim(RealmProfile profile) {
        return profile == RealmProfile.V2024 ? CborValue.of(number) : CborValue.of(text);
    }
}
