// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.kbs.SecretBytes;
import dev.realmesh.kbs.sealed.SealedSecretException;
import dev.realmesh.kbs.sealed.Unseal;
import dev.realmesh.realm.secret.SecretClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// Writes what sealed secrets stand for into files that a container is given, as the agent of Confidential Containers
/// does for secrets that are mounted: on the Realm's tmpfs, 0400, of the container's user, and read-only there.
final class UnsealFiles {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_READS =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r--------"));

    private final Unseal unseal;

    /// Unseals with what the broker keeps.
    ///
    /// @param secrets where keys and secrets come from
    UnsealFiles(SecretClient secrets) {
        this.unseal = Unseal.with(uri -> secrets.get(uri.path()));
    }

    /// A file of the Realm at a path of the container.
    ///
    /// @param source in the Realm
    /// @param destination in the container
    record Mounted(Path source, String destination) {}

    /// Unseals them all.
    ///
    /// @param folder on the Realm's tmpfs; gets the files
    /// @param owner who may read them
    /// @throws ContainerException.NotRunnable if one is refused
    /// @throws dev.realmesh.realm.attest.BrokerException if the broker refuses a key or a secret
    /// @throws dev.realmesh.realm.secret.SecretException if the host answered in the broker's place
    List<Mounted> unsealed(List<SecretFile> files, Path folder, ContainerUser owner) {
        List<Mounted> mounted = new ArrayList<>();
        for (SecretFile file : files) {
            Path source = folder.resolve("secret-" + mounted.size());
            try (SecretBytes secret = unseal.open(file.sealed())) {
                write(secret, source, owner);
            } catch (SealedSecretException e) {
                throw new ContainerException.NotRunnable("secret file " + file.path() + ": " + e.getMessage());
            } catch (IOException e) {
                throw new ContainerException.RuntimeFailed("secret file " + file.path() + ": " + e.getMessage(), e);
            }
            mounted.add(new Mounted(source, file.path()));
        }
        return List.copyOf(mounted);
    }

    private static void write(SecretBytes secret, Path file, ContainerUser owner) throws IOException {
        byte[] bytes = secret.reveal();
        Set<StandardOpenOption> anew = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (SeekableByteChannel channel = Files.newByteChannel(file, anew, OWNER_READS)) {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
        if (owner.uid() != 0 || owner.gid() != 0) {
            Files.setAttribute(file, "unix:uid", owner.uid());
            Files.setAttribute(file, "unix:gid", owner.gid());
        }
    }
}
