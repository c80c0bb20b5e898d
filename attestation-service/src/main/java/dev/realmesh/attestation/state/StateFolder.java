// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.state;

import dev.realmesh.cca.ear.EarSigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/// The folder of the service, mode 0700. A secret file has mode 0600 from before its first byte is written, and appears
/// whole or not at all; one that others could read is refused at the next start.
public final class StateFolder {
    /// The key that signs EARs: a private JWK.
    public static final String SIGNING_KEY = "ear-signing-key.jwk";
    /// Its public part, for who verifies EARs.
    public static final String PUBLIC_KEY = "ear-signing-key.pub.jwk";
    /// The token of who provisions endorsements.
    public static final String ADMIN_TOKEN = "admin.token";
    /// The database.
    public static final String DATABASE = "attestation.db";

    private static final int MAX_SECRET_BYTES = 4096;
    private static final int TOKEN_BYTES = 32;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FILE =
            PosixFilePermissions.asFileAttribute(OWNER_ONLY);
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path folder;

    private StateFolder(Path folder) {
        this.folder = folder;
    }

    /// Opens the folder, making it if there is none.
    ///
    /// @throws StateException.Unusable if it cannot be made
    public static StateFolder open(Path folder) {
        try {
            Files.createDirectories(folder, OWNER_ONLY_FOLDER);
            return new StateFolder(folder);
        } catch (IOException e) {
            throw new StateException.Unusable(folder, e);
        }
    }

    /// A file of the folder.
    public Path file(String name) {
        return folder.resolve(name);
    }

    /// The key that signs EARs, made at the first start; its public part is written beside it.
    ///
    /// @throws StateException if it cannot be used
    public EarSigningKey signingKey() {
        String jwk = secret(SIGNING_KEY, () -> EarSigningKey.generate().privateJwkSecret());
        try {
            EarSigningKey key = EarSigningKey.ofPrivateJwk(jwk);
            publish(PUBLIC_KEY, key.publicJwk());
            return key;
        } catch (IllegalArgumentException e) {
            StateException refused = new StateException.Damaged(file(SIGNING_KEY), String.valueOf(e.getMessage()));
            refused.initCause(e);
            throw refused;
        }
    }

    /// The token of who provisions endorsements, made at the first start: 256 random bits in base64url.
    ///
    /// @throws StateException if it cannot be used
    public AdminToken adminToken() {
        String token = secret(ADMIN_TOKEN, StateFolder::freshToken);
        if (token.length() != AdminToken.LENGTH) {
            throw new StateException.Damaged(
                    file(ADMIN_TOKEN),
                    token.length() + " bytes (expected: " + AdminToken.LENGTH + " characters, no line end)");
        }
        return new AdminToken(token);
    }

    private static String freshToken() {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    private String secret(String name, Supplier<String> fresh) {
        Path file = file(name);
        try {
            if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
                create(file, fresh.get());
            }
            requireOwnerOnly(file);
            if (Files.size(file) > MAX_SECRET_BYTES) {
                throw new StateException.Damaged(file, "too long (expected: at most " + MAX_SECRET_BYTES + " bytes)");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new StateException.Unusable(file, e);
        }
    }

    /// Another instance that starts at the same time may be first; then its file counts.
    private void create(Path file, String content) throws IOException {
        Path temporary = file(file.getFileName() + "." + UUID.randomUUID());
        try {
            Files.createFile(temporary, OWNER_ONLY_FILE);
            Files.writeString(temporary, content, StandardCharsets.UTF_8, StandardOpenOption.SYNC);
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException e) {
            if (Files.notExists(file)) {
                throw e;
            }
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private void publish(String name, String content) {
        Path temporary = file(name + "." + UUID.randomUUID());
        try {
            Files.writeString(temporary, content, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
            Files.move(temporary, file(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new StateException.Unusable(file(name), e);
        }
    }

    private static void requireOwnerOnly(Path file) throws IOException {
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
        if (!OWNER_ONLY.containsAll(mode)) {
            throw new StateException.Exposed(file, PosixFilePermissions.toString(mode));
        }
    }
}
