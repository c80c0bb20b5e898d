// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.ear;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The eight claims of an AR4SI trustworthiness vector.
public enum TrustClaim {
    INSTANCE_IDENTITY,
    CONFIGURATION,
    EXECUTABLES,
    FILE_SYSTEM,
    HARDWARE,
    RUNTIME_OPAQUE,
    STORAGE_OPAQUE,
    SOURCED_DATA;

    /// The claim that an EAR names so.
    public static Optional<TrustClaim> ofName(String name) {
        return Arrays.stream(values())
                .filter(claim -> claim.earName().equals(name))
                .findFirst();
    }

    /// What a value, -128 to 127, says of this claim, in a few words of AR4SI (draft-ietf-rats-ar4si §2.3.4); empty if
    /// that gives it no meaning.
    public String meaning(int value) {
        return switch (value) {
            case -1 -> "verifier malfunction";
            case 0 -> "no claim";
            case 1 -> "unexpected evidence";
            case 99 -> "cryptographic validation failed";
            default -> ownMeaning(value);
        };
    }

    private String ownMeaning(int value) {
        return switch (this) {
            case INSTANCE_IDENTITY ->
                switch (value) {
                    case 2 -> "recognized";
                    case 96 -> "recognized, not trustworthy";
                    case 97 -> "not recognized";
                    default -> "";
                };
            case CONFIGURATION ->
                switch (value) {
                    case 2 -> "approved";
                    case 3 -> "no known vulnerabilities";
                    case 32 -> "known vulnerabilities";
                    case 36 -> "partly unavailable";
                    case 96 -> "not supportable";
                    default -> "";
                };
            case EXECUTABLES ->
                switch (value) {
                    case 2 -> "approved since boot";
                    case 3 -> "approved at boot";
                    case 32 -> "known bugs or vulnerabilities";
                    case 33 -> "not recognized";
                    case 96 -> "contraindicated";
                    default -> "";
                };
            case FILE_SYSTEM ->
                switch (value) {
                    case 2 -> "approved";
                    case 32 -> "not recognized";
                    case 96 -> "contraindicated";
                    default -> "";
                };
            case HARDWARE ->
                switch (value) {
                    case 2 -> "genuine";
                    case 32 -> "known vulnerabilities";
                    case 96 -> "contraindicated";
                    case 97 -> "not recognized";
                    default -> "";
                };
            case RUNTIME_OPAQUE ->
                switch (value) {
                    case 2 -> "memory encrypted";
                    case 32 -> "memory isolated";
                    case 96 -> "memory visible";
                    default -> "";
                };
            case STORAGE_OPAQUE ->
                switch (value) {
                    case 2 -> "secrets encrypted by hardware";
                    case 32 -> "secrets encrypted by software";
                    case 96 -> "secrets not encrypted";
                    default -> "";
                };
            case SOURCED_DATA ->
                switch (value) {
                    case 2 -> "trusted";
                    case 32 -> "not trusted";
                    case 96 -> "contraindicated";
                    default -> "";
                };
        };
    }

    /// The name in an EAR, such as `instance-identity`.
    public String earName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
