// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.firmware.hes;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CoseAlgorithm;
import dev.realmesh.cca.cose.CoseKey;
import dev.realmesh.cca.cose.CoseSign1;
import dev.realmesh.cca.cose.EcCurve;
import dev.realmesh.cca.cose.Signatures;
import dev.realmesh.host.firmware.image.FirmwareException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Set;

/// Who a platform is: its attestation key (CPAK, P-384), and the instance id that follows from it. The key stays in a
/// file of the platform's state, so that an endorsement outlives a reboot.
public final class PlatformIdentity {
    /// Implementation id of every platform of this emulator; its 32 bytes are a text that says so.
    public static final Bytes IMPLEMENTATION_ID = text("realmesh-emulated-cca-platform-1");
    /// Platform configuration: what the emulation offers, as a text.
    public static final Bytes CONFIG = text("emulated;rme=1;mec=aes-256-xts;rmm=1.0");

    private static final String KEY_FILE = "cpak.pem";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";
    private static final byte UEID_RANDOM = 1;

    private final KeyPair key;

    private PlatformIdentity(KeyPair key) {
        this.key = key;
    }

    /// The identity that `state` keeps; a new one if it keeps none.
    ///
    /// @throws FirmwareException.BadState if it cannot be read or written
    public static PlatformIdentity open(Path state) {
        Path file = state.resolve(KEY_FILE);
        try {
            Files.createDirectories(state);
            if (!Files.exists(file)) {
                create(file);
            }
            return new PlatformIdentity(read(file));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException | ClassCastException e) {
            throw new FirmwareException.BadState(file, "unusable", e);
        }
    }

    /// A UEID of 33 bytes: 1, then the SHA-256 of the public key's SubjectPublicKeyInfo.
    public Bytes instanceId() {
        byte[] hash = Signatures.digest("SHA-256", subjectPublicKeyInfo()).toByteArray();
        byte[] id = new byte[1 + hash.length];
        id[0] = UEID_RANDOM;
        System.arraycopy(hash, 0, id, 1, hash.length);
        return Bytes.copyOf(id);
    }

    /// The public half of the CPAK.
    public CoseKey publicKey() {
        return Signatures.coseKey((ECPublicKey) key.getPublic());
    }

    CoseSign1.Signer signer() {
        return Signatures.signer((ECPrivateKey) key.getPrivate(), CoseAlgorithm.ES384);
    }

    private Bytes subjectPublicKeyInfo() {
        return Bytes.copyOf(Signatures.publicKey(publicKey()).getEncoded());
    }

    /// Writes a new key beside the file, readable by the owner alone, and links it into place: a reader sees all of it
    /// or nothing, and of two that create one wins.
    private static void create(Path file) throws IOException {
        byte[] encoded = Signatures.generate(EcCurve.P384).getPrivate().getEncoded();
        String pem =
                BEGIN + "\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded) + "\n" + END + "\n";
        Path draft = Files.createTempFile(
                file.toAbsolutePath().getParent(), "cpak", ".tmp", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            Files.writeString(draft, pem);
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException ignored) {
            // Another process was faster; its key counts.
        } finally {
            Files.delete(draft);
        }
    }

    private static KeyPair read(Path file) throws IOException, GeneralSecurityException {
        String pem = Files.readString(file).strip();
        if (!pem.startsWith(BEGIN) || !pem.endsWith(END)) {
            throw new IllegalArgumentException("key file: no PEM private key");
        }
        byte[] encoded = Base64.getMimeDecoder()
                .decode(pem.substring(BEGIN.length(), pem.length() - END.length())
                        .getBytes(StandardCharsets.US_ASCII));
        ECPrivateKey parsed =
                (ECPrivateKey) KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        if (parsed.getParams().getCurve().getField().getFieldSize() != EcCurve.P384.fieldBytes() * Byte.SIZE) {
            throw new IllegalArgumentException("key file: another curve (expected: P-384)");
        }
        BigInteger scalar = parsed.getS();
        return Signatures.keyPair(EcCurve.P384, scalar.toByteArray());
    }

    private static Bytes text(String text) {
        return Bytes.copyOf(text.getBytes(StandardCharsets.US_ASCII));
    }
}
