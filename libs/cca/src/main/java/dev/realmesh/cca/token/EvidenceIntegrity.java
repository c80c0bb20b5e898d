// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.token;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CborException;
import dev.realmesh.cca.cose.CoseKey;
import dev.realmesh.cca.cose.CoseSign1;
import dev.realmesh.cca.cose.EcCurve;
import dev.realmesh.cca.cose.Signatures;
import java.security.interfaces.ECPublicKey;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Whether evidence is genuine: each check is a step of Veraison's arm-cca scheme, in its order, and the first that
/// fails names the problem.
public final class EvidenceIntegrity {
    private static final int CHALLENGE_BYTES = 64;
    private static final Set<String> HASHES = Set.of("SHA-224", "SHA-256", "SHA-384", "SHA-512");

    private EvidenceIntegrity() {}

    /// Checks that the realm challenge is `nonce`, padded with zero bytes.
    ///
    /// @throws IntegrityException.NotFresh if it is another
    public static void requireFresh(CcaEvidence evidence, Bytes nonce) {
        Bytes challenge = evidence.realm().claims().challenge();
        if (!challenge.equals(nonce.padTo(CHALLENGE_BYTES))) {
            throw new IntegrityException.NotFresh(challenge.hex(), nonce.hex());
        }
    }

    /// Checks that `trustAnchor` signed the platform token, that the realm token is signed by the key in it, and that
    /// the platform token vouches for that key.
    ///
    /// @throws IntegrityException if one of these is not so
    public static void requireGenuine(CcaEvidence evidence, ECPublicKey trustAnchor) {
        requirePlatformSignature(evidence.platform(), trustAnchor);
        requireRealmSignature(evidence.realm());
        requireBinding(evidence);
    }

    /// The JCA's name of a hash that a claim names, such as `sha-256`; empty if it is not one of the SHA-2.
    public static Optional<String> hashNamed(String claim) {
        return Optional.of(claim.toUpperCase(Locale.ROOT))
                .filter(HASHES::contains)
                .filter(name -> name.toLowerCase(Locale.ROOT).equals(claim));
    }

    /// Checks that each signature's hash is the one that goes with the curve of its key (ES256 with P-256, ES384 with
    /// P-384, ES512 with P-521), which COSE recommends and Veraison does not ask.
    ///
    /// @param trustAnchor curve of the key that signed the platform token
    /// @throws IntegrityException if one is another
    public static void requireMatchingHashes(CcaEvidence evidence, EcCurve trustAnchor) {
        String platform = hashProblem(evidence.platform().envelope(), trustAnchor);
        if (!platform.isEmpty()) {
            throw new IntegrityException.PlatformSignature(platform);
        }
        RealmToken realm = evidence.realm();
        String problem =
                hashProblem(realm.envelope(), realm.claims().attestationKey().curve());
        if (!problem.isEmpty()) {
            throw new IntegrityException.RealmSignature(problem);
        }
    }

    private static String hashProblem(CoseSign1 envelope, EcCurve curve) {
        return envelope.algorithm() == curve.algorithm()
                ? ""
                : envelope.algorithm() + " by a key of " + curve + " (expected: " + curve.algorithm() + ")";
    }

    private static void requirePlatformSignature(PlatformToken token, ECPublicKey trustAnchor) {
        String problem = signatureProblem(token.envelope(), trustAnchor);
        if (!problem.isEmpty()) {
            throw new IntegrityException.PlatformSignature(problem);
        }
    }

    private static void requireRealmSignature(RealmToken token) {
        String problem = signatureProblem(token.envelope(), attestationKey(token.claims()));
        if (!problem.isEmpty()) {
            throw new IntegrityException.RealmSignature(problem);
        }
    }

    private static ECPublicKey attestationKey(RealmClaims claims) {
        try {
            CoseKey key = claims.attestationKey();
            return Signatures.publicKey(key);
        } catch (TokenException.UnknownProfile e) {
            throw caused(
                    new IntegrityException.RealmKey("extracting realm profile: wrong profile: expecting \""
                            + RealmProfile.V2023.uri() + "\", got \"" + claims.profileUri() + "\""),
                    e);
        } catch (CborException e) {
            throw caused(new IntegrityException.RealmKey("extracting RAK: " + e.getMessage()), e);
        }
    }

    private static void requireBinding(CcaEvidence evidence) {
        RealmClaims realm = evidence.realm().claims();
        String named = realm.publicKeyHashAlgorithm();
        String hash = hashNamed(named)
                .orElseThrow(() -> new IntegrityException.Binding(
                        "computing binder: mapping RAK hash algorithm: hash algorithm \"" + named + "\" not known"));
        Bytes expected = Signatures.digest(hash, realm.publicKey());
        if (!expected.equals(evidence.platform().claims().challenge())) {
            throw new IntegrityException.Binding("platform nonce does not match RAK hash");
        }
    }

    /// What is wrong with the signature; empty if nothing is.
    private static String signatureProblem(CoseSign1 envelope, ECPublicKey key) {
        try {
            return envelope.isSignedBy(key) ? "" : "verification error";
        } catch (CborException ignored) {
            return "unable to get verification algorithm: algorithm not found";
        }
    }

    private static IntegrityException caused(IntegrityException refused, RuntimeException cause) {
        refused.initCause(cause);
        return refused;
    }
}
