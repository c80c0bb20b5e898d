// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/// Who may use the registry's API: anybody, or those whose user and password (RFC 7617) a file of `htpasswd -B` has. A
/// password is hashed once, and known again by a code under a key of this process: a push is dozens of requests, and
/// bcrypt is slow on purpose. For the same reason only a few are hashed at a time.
public final class Accounts {
    private static final int HASHED_AT_ONCE = 2;
    private static final int PATIENCE_SECONDS = 10;
    private static final String MAC = "HmacSHA256";

    private final Optional<HtpasswdFile> file;
    private final Semaphore hashing = new Semaphore(HASHED_AT_ONCE);
    private final SecretKey key;
    private final Map<String, byte[]> known = new ConcurrentHashMap<>();

    private Accounts(Optional<HtpasswdFile> file) {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.file = file;
        this.key = new SecretKeySpec(random, MAC);
    }

    /// No accounts: everybody may use it.
    public static Accounts anybody() {
        return new Accounts(Optional.empty());
    }

    /// The accounts of a file, which is read again when it changes.
    ///
    /// @throws IOException if it cannot be used
    public static Accounts in(Path htpasswd) throws IOException {
        return new Accounts(Optional.of(HtpasswdFile.open(htpasswd)));
    }

    /// What becomes of a request.
    enum Verdict {
        ADMITTED,
        REFUSED,
        /// Too many passwords are looked at.
        BUSY
    }

    /// Looks at the header `Authorization`.
    Verdict verdict(Optional<String> authorization) {
        if (file.isEmpty()) {
            return Verdict.ADMITTED;
        }
        Optional<String> userAndPassword = authorization.flatMap(Accounts::decode);
        if (userAndPassword.isEmpty()) {
            return Verdict.REFUSED;
        }
        int colon = userAndPassword.get().indexOf(':');
        String user = userAndPassword.get().substring(0, colon);
        byte[] password = userAndPassword.get().substring(colon + 1).getBytes(StandardCharsets.UTF_8);
        return verdict(file.get().hashes(), user, password);
    }

    private Verdict verdict(HtpasswdFile.Hashes hashes, String user, byte[] password) {
        Optional<String> hash = hashes.of(user);
        byte[] code = code(hash.orElse(hashes.ofNobody()), password);
        if (hash.isPresent() && MessageDigest.isEqual(known.getOrDefault(user, new byte[0]), code)) {
            return Verdict.ADMITTED;
        }
        try {
            if (!hashing.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return Verdict.BUSY;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Verdict.BUSY;
        }
        try {
            boolean matches = OpenBSDBCrypt.checkPassword(hash.orElse(hashes.ofNobody()), password);
            if (!matches || hash.isEmpty()) {
                return Verdict.REFUSED;
            }
            known.put(user, code);
            return Verdict.ADMITTED;
        } finally {
            hashing.release();
        }
    }

    /// Another one for another hash: who gets a new password has to show it.
    private byte[] code(String hash, byte[] password) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            mac.update(hash.getBytes(StandardCharsets.US_ASCII));
            return mac.doFinal(password);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(MAC + ": missing in this Java", e);
        }
    }

    private static Optional<String> decode(String authorization) {
        if (!authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
            return Optional.empty();
        }
        try {
            byte[] decoded =
                    Base64.getDecoder().decode(authorization.substring(6).strip());
            return Optional.of(new String(decoded, StandardCharsets.UTF_8)).filter(text -> text.indexOf(':') >= 0);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
