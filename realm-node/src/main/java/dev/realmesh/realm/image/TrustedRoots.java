// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.image;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Whom a Realm believes to be the registry that they say: the roots of its guest image, which is measured, and those
/// of
/// its initdata.
final class TrustedRoots {
    private TrustedRoots() {}

    static SSLContext with(List<X509Certificate> extra) {
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
            throw new IllegalStateException("root certificates of the guest: " + e.getMessage(), e);
        }
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
