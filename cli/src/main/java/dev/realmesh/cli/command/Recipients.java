// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import dev.realmesh.kbs.KbsException;
import dev.realmesh.kbs.ResourceUri;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.crypt.PemKeys;
import dev.realmesh.oci.crypt.Recipient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import picocli.CommandLine.Option;

/// The options that say who can open an image.
final class Recipients {
    private static final int KEY_BYTES = 32;

    @Option(
            names = "--recipient",
            paramLabel = "jwe:FILE|pkcs7:FILE",
            description = "Who can open it: a public key (PEM, RSA or EC), or the holder of a certificate (X.509, RSA)."
                    + " May be repeated.")
    private List<String> publicKeys = List.of();

    @Option(
            names = "--key",
            paramLabel = "KBS-URI=FILE",
            description = "Who can open it: a Realm that key-broker gives kbs:///repository/type/tag, a key of 32 bytes"
                    + " that is in FILE. May be repeated.")
    private List<String> keys = List.of();

    Recipients() {}

    /// All of them.
    ///
    /// @throws CommandException if there is none, or one is not usable
    List<Recipient> all() throws IOException {
        List<Recipient> all = new ArrayList<>();
        for (String recipient : publicKeys) {
            all.add(ofPublicKey(recipient));
        }
        for (String key : keys) {
            all.add(ofKeyBroker(key));
        }
        if (all.isEmpty()) {
            throw new CommandException.WrongUse("nobody could open it (expected: --recipient or --key)");
        }
        return all;
    }

    private static Recipient ofPublicKey(String recipient) throws IOException {
        String kind = recipient.substring(0, recipient.indexOf(':') + 1);
        if (!kind.equals("jwe:") && !kind.equals("pkcs7:")) {
            throw new CommandException.WrongUse("--recipient: " + recipient + " (expected: jwe:FILE or pkcs7:FILE)");
        }
        Path file = Path.of(recipient.substring(kind.length()));
        byte[] content = Files.readAllBytes(file);
        try {
            return kind.equals("pkcs7:")
                    ? Recipient.Pkcs7.of(content)
                    : new Recipient.Jwe(PemKeys.publicKey(new String(content, StandardCharsets.US_ASCII)));
        } catch (OciException e) {
            throw new CommandException("--recipient: " + file + ": " + e.getMessage(), e);
        }
    }

    private static Recipient ofKeyBroker(String key) throws IOException {
        int equals = key.indexOf('=');
        if (equals < 0) {
            throw new CommandException.WrongUse("--key: " + key + " (expected: kbs:///repository/type/tag=FILE)");
        }
        String uri = key.substring(0, equals);
        requireUri(uri);
        Path file = Path.of(key.substring(equals + 1));
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length != KEY_BYTES) {
            throw new CommandException("--key: " + file + ": " + bytes.length + " bytes (expected: " + KEY_BYTES + ")");
        }
        return new Recipient.KeyBroker(uri, new SecretKeySpec(bytes, "AES"));
    }

    private static void requireUri(String uri) {
        try {
            var unused = ResourceUri.parse(uri);
        } catch (KbsException e) {
            throw new CommandException.WrongUse("--key: " + e.getMessage());
        }
    }
}
