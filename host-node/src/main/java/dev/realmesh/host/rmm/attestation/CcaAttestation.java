// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.attestation;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CoseAlgorithm;
import dev.realmesh.cca.cose.CoseSign1;
import dev.realmesh.cca.cose.Signatures;
import dev.realmesh.cca.token.RealmClaims;
import dev.realmesh.cca.token.RealmToken;
import dev.realmesh.host.rmm.monitor.SecureMonitor;
import dev.realmesh.host.rmm.realm.Realm;
import dev.realmesh.host.rmm.rsi.RealmAttestation;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;

/// Signs realm tokens by the realm attestation key (RAK) of this boot and puts the platform token of this boot beside
/// them, whose challenge is the hash of that key.
public final class CcaAttestation implements RealmAttestation {
    private final TokenOptions options;
    private final Bytes publicKey;
    private final CoseSign1.Signer signer;
    private final Bytes platformToken;

    private CcaAttestation(TokenOptions options, KeyPair key, SecureMonitor monitor) {
        this.options = options;
        this.publicKey = Signatures.coseKey((ECPublicKey) key.getPublic()).encode();
        this.signer = Signatures.signer((ECPrivateKey) key.getPrivate(), CoseAlgorithm.ES384);
        this.platformToken = monitor.platformToken(options.challenge(publicKey));
    }

    /// Asks EL3 for key and platform token, as the RMM does once when it boots.
    public static CcaAttestation begin(SecureMonitor monitor, TokenOptions options) {
        return new CcaAttestation(options, monitor.realmAttestationKey(), monitor);
    }

    @Override
    public Bytes token(Realm realm, Bytes challenge) {
        RealmClaims claims = RealmEvidence.of(realm).claims(challenge, publicKey, options);
        RealmToken token = RealmToken.sign(claims, CoseAlgorithm.ES384, signer);
        return options.generation().collect(platformToken, token.encode());
    }
}
