// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Registries that a Realm asks itself, by a login that its host must not know; table `[image]`. Confidential
/// Containers
/// has the same as `image.authenticated_registry_credentials_uri` and `image.extra_root_certificates`.
///
/// @param credentials where key-broker has the logins, as containers-auth.json(5); `registry-credentials`, default
/// absent:
///     all images come through the host
/// @param extraRootCertificates certificates (PEM) that those registries' ones may be signed by, besides the guest's
/// own
///     roots; `extra-root-certificates`, default empty
public record PrivateRegistries(Optional<ResourceUri> credentials, List<String> extraRootCertificates) {
    /// None.
    public static final PrivateRegistries NONE = new PrivateRegistries(Optional.empty(), List.of());

    private static final String WHERE = RealmSettings.NAME + " image";
    private static final String CREDENTIALS = "registry-credentials";
    private static final String ROOTS = "extra-root-certificates";
    private static final int MAX_CERTIFICATES = 64;

    public PrivateRegistries {
        extraRootCertificates = List.copyOf(extraRootCertificates);
        if (extraRootCertificates.size() > MAX_CERTIFICATES) {
            throw new KbsException.Malformed(
                    WHERE + " " + ROOTS, "too long a list (expected: at most " + MAX_CERTIFICATES + ")");
        }
        extraRootCertificates.forEach(PrivateRegistries::certificate);
    }

    static PrivateRegistries read(ObjectNode table) {
        BoundedToml.requireKnown(WHERE, table, Set.of(CREDENTIALS, ROOTS));
        return new PrivateRegistries(
                BoundedToml.text(WHERE, table, CREDENTIALS).map(ResourceUri::parse),
                BoundedToml.texts(WHERE, table, ROOTS));
    }

    /// The extra certificates.
    public List<X509Certificate> extraRoots() {
        return extraRootCertificates.stream()
                .map(PrivateRegistries::certificate)
                .toList();
    }

    /// The table, or nothing for the default: so settings that do not say it keep their bytes, and their digest.
    String toToml() {
        if (equals(NONE)) {
            return "";
        }
        return "\n[image]\n"
                + credentials
                        .map(uri -> CREDENTIALS + " = " + BoundedToml.string(uri.toString()) + "\n")
                        .orElse("")
                + ROOTS + " = " + BoundedToml.array(extraRootCertificates) + "\n";
    }

    private static X509Certificate certificate(String pem) {
        try {
            byte[] text = pem.getBytes(StandardCharsets.US_ASCII);
            if (pem.startsWith("-----BEGIN CERTIFICATE-----")
                    && CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(text))
                            instanceof X509Certificate certificate) {
                return certificate;
            }
        } catch (CertificateException e) {
            // Told below.
        }
        throw new KbsException.Malformed(
                WHERE + " " + ROOTS, "no certificate (expected: CERTIFICATE in PEM, one each)");
    }
}
