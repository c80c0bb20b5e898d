// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Whom a client believes to be the registry that they say: who has a certificate of the roots of the Java run-time, or
/// of extra ones.
public final class TrustedRoots {
    private TrustedRoots() {}

    /// Java's roots and these.
    public static SSLContext with(List<X509Certificate> extra) {
        try {
            List<X509Certificate> roots = new ArrayList<>(extra);
            for (X509TrustManager manager : managers(null)) {
                roots.addAll(Arrays.asList(manager.getAcceptedIssuers()));
            }
            KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
            anchors.load(null, null);
            for (int i = 0; i < roots.size(); i++) {
                anchors.setCertificateEntry("root-" + i, roots.get(i));
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers(anchors).toArray(X509TrustManager[]::new), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("root certificates of Java: " + e.getMessage(), e);
        }
    }

    /// The certificates of a file.
    ///
    /// @throws IOException if it has none
    static List<X509Certificate> in(Path pem) throws IOException {
        try (InputStream content = Files.newInputStream(pem)) {
            List<X509Certificate> found = CertificateFactory.getInstance("X.509").generateCertificates(content).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (!found.isEmpty()) {
                return found;
            }
        } catch (IOException | CertificateException e) {
            throw new IOException("cannot use " + pem + " (expected: certificates in PEM)", e);
        }
        throw new IOException("cannot use " + pem + " (expected: certificates in PEM)");
    }

    /// @param anchors null for those of the Java run-time
    private static List<X509TrustManager> managers(@Nullable KeyStore anchors) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(anchors);
        return Arrays.stream(factory.getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .toList();
    }
}
