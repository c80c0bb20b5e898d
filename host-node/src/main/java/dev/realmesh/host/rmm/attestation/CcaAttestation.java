// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.attestation;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CoseAlgorithm;
import dev.realmesh.cca.cose.CoseSign1;
import dev.realmesh.cca.cose.Signatures;
import dev.realmesh.cca.token.CcaEvidence;
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
    private final Bytes publicKey;
    private final CoseSign1.Signer signer;
    private final Bytes platformToken;

    private CcaAttestation(Bytes publicKey, CoseSign1.Signer signer, Bytes platformToken) {
        this.publicKey = publicKey;
        this.signer = signer;
        this.platformToken = platformToken;
    }

    /// Asks EL3 for key and platform token, as the RMM does once when it boots.
    public static CcaAttestation begin(SecureMonitor monitor) {
        KeyPair key = monitor.realmAttestationKey();
        Bytes publicKey = Signatures.coseKey((ECPublicKey) key.getPublic()).encode();
        Bytes platformToken = monitor.platformToken(Signatures.digest("SHA-256", publicKey));
        CoseSign1.Signer signer = Signatures.signer((ECPrivateKey) key.getPrivate(), CoseAlgorithm.ES384);
        return new CcaAttestation(publicKey, signer, platformToken);
    }

    @Override
    public Bytes token(Realm realm, Bytes challenge) {
        RealmToken token =
                RealmToken.sign(RealmEvidence.of(realm).claims(challenge, publicKey), CoseAlgorithm.ES384, signer);
        return CcaEvidence.collect(platformToken, token.encode());
    }
}
