// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.token.CcaEvidence;
import dev.realmesh.cca.token.IntegrityException;
import dev.realmesh.cca.token.TokenException;
import dev.realmesh.cca.token.TokenJson;
import dev.realmesh.cca.token.TrustAnchorStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// `realmesh token decode|verify`: CCA tokens (CBOR tags 399 and 907), without a mesh.
@Command(name = "token", description = "CCA tokens.")
public final class TokenCommand {
    private static final int MAX_TOKEN_BYTES = 64 << 10;

    @Command(name = "decode", description = "Print a token's claims as JSON; nothing is verified.")
    int decode(@Parameters(paramLabel = "FILE", description = "The token; - is standard input.") Path file)
            throws IOException {
        System.out.println(JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsString(TokenJson.show(read(file))));
        return 0;
    }

    @Command(name = "verify", description = "Check a token's signatures and the binding of its two parts.")
    int verify(
            @Parameters(paramLabel = "FILE", description = "The token; - is standard input.") Path file,
            @Option(
                            names = "--trust-anchors",
                            required = true,
                            paramLabel = "FILE",
                            description = "Platform keys, in the JSON of the ccatoken tools.")
                    Path anchors)
            throws IOException {
        try {
            TrustAnchorStore.parse(Files.readString(anchors)).requireGenuine(read(file));
        } catch (IntegrityException e) {
            throw new CommandException(file + " is not genuine: " + e.getMessage(), e);
        }
        System.out.println("genuine: both signatures and the binding hold");
        return 0;
    }

    private static CcaEvidence read(Path file) throws IOException {
        try (InputStream in = file.toString().equals("-") ? System.in : Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_TOKEN_BYTES + 1);
            if (bytes.length > MAX_TOKEN_BYTES) {
                throw new CommandException(file + ": over 64 KiB (expected: a CCA token)");
            }
            return CcaEvidence.decode(Bytes.copyOf(bytes));
        } catch (TokenException e) {
            throw new CommandException(file + " is no CCA token: " + e.getMessage(), e);
        }
    }
}
