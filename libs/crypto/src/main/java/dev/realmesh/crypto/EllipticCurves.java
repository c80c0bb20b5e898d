// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.crypto;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.amazon.corretto.crypto.provider.SelfTestStatus;
import java.security.Provider;
import java.security.Security;
import java.util.Optional;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/// Chooses who computes on elliptic curves: Amazon Corretto's provider where its native library loads, else Bouncy
/// Castle, else the JDK. An ECDH on P-256 takes 3 ms by the JDK where it takes 1.1 by Bouncy Castle and 0.25 by Amazon
/// Corretto; a signature on P-384 takes 4.1, 0.35 and 0.16. Hashes and AES stay with the JDK, which has intrinsics.
///
/// A provider is passed to each call and never registered with the JVM. A guest image has neither of the first two:
/// they would be most of its trusted code, for one handshake in its life.
public final class EllipticCurves {
    private static final Provider PROVIDER = choose();

    private EllipticCurves() {}

    /// The provider of `Signature` (`SHA…withECDSA`, plain and `inP1363Format`), `KeyPairGenerator` EC, and
    /// `KeyAgreement` ECDH, for P-256, P-384 and P-521 and keys of any provider.
    public static Provider provider() {
        return PROVIDER;
    }

    private static Provider choose() {
        try {
            Optional<Provider> corretto = Corretto.provider();
            return corretto.isPresent() ? corretto.get() : BouncyCastle.provider();
        } catch (LinkageError absent) {
            return withoutCorretto();
        }
    }

    private static Provider withoutCorretto() {
        try {
            return BouncyCastle.provider();
        } catch (LinkageError absent) {
            return Security.getProvider("SunEC");
        }
    }

    /// Classes of their own, for this one could not be loaded where theirs are absent.
    private static final class Corretto {
        static Optional<Provider> provider() {
            AmazonCorrettoCryptoProvider corretto = AmazonCorrettoCryptoProvider.INSTANCE;
            boolean works = corretto.getLoadingError() == null && corretto.runSelfTests() == SelfTestStatus.PASSED;
            return works ? Optional.of(corretto) : Optional.empty();
        }
    }

    private static final class BouncyCastle {
        static Provider provider() {
            return new BouncyCastleProvider();
        }
    }
}
