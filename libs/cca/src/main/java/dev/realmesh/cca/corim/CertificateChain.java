// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.corim;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CborException;
import dev.realmesh.cca.cose.CborValue;
import dev.realmesh.cca.cose.Signatures;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// An x5chain (RFC 9360): the signer's certificate, then the intermediates that lead to a root.
///
/// @param certificates at least one
record CertificateChain(List<X509Certificate> certificates) {
    private static final int MAX_LENGTH = 8;

    static CertificateChain read(CborValue header) {
        List<CborValue> encoded = header instanceof CborValue.ByteString ? List.of(header) : header.asArray("x5chain");
        if (encoded.isEmpty() || encoded.size() > MAX_LENGTH) {
            throw new CorimException.Invalid("x5chain", encoded.size() + " certificates", "1 to " + MAX_LENGTH);
        }
        List<X509Certificate> certificates = new ArrayList<>();
        for (CborValue certificate : encoded) {
            certificates.add(parse(certificate.asBytes("x5chain")));
        }
        return new CertificateChain(certificates);
    }

    /// The signer's key, if the chain leads to one of `roots` and every certificate is valid at `now`.
    ECPublicKey requireTrusted(List<Bytes> roots, Instant now) {
        Set<java.security.cert.TrustAnchor> anchors = new HashSet<>();
        roots.forEach(root -> anchors.add(new java.security.cert.TrustAnchor(parse(root), null)));
        if (anchors.isEmpty()) {
            throw new CorimException.Untrusted("no root is trusted (expected: a configured root)");
        }
        try {
            PKIXParameters parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(certificates), parameters);
            Bytes key = Bytes.copyOf(certificates.getFirst().getPublicKey().getEncoded());
            return Signatures.publicKey(key);
        } catch (GeneralSecurityException | CborException e) {
            CorimException refused =
                    new CorimException.Untrusted("certificate chain verification failed: " + e.getMessage());
            refused.initCause(e);
            throw refused;
        }
    }

    private static X509Certificate parse(Bytes der) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der.toByteArray()));
        } catch (CertificateException e) {
            CorimException refused = new CorimException.Invalid("certificate", "not read", "X.509 in DER");
            refused.initCause(e);
            throw refused;
        }
    }
}
