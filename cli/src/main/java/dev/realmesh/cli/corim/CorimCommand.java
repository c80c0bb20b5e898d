// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.corim;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.Corim;
import dev.realmesh.cca.corim.CorimException;
import dev.realmesh.cca.corim.CorimJson;
import dev.realmesh.cca.corim.SignedCorim;
import dev.realmesh.cli.command.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// `realmesh corim make|show`: concise reference integrity manifests of the Arm CCA profiles.
@Command(
        name = "corim",
        description = "Reference values of Realms and platforms (CoRIM, the Arm CCA profiles of 2025).",
        subcommands = CorimMake.class)
public final class CorimCommand {
    static final int MAX_BYTES = 4 << 20;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Command(name = "show", description = "Print a CoRIM as JSON.")
    int show(
            @Parameters(paramLabel = "FILE", description = "The CoRIM, signed or not.") Path file,
            @Option(
                            names = "--root",
                            paramLabel = "FILE",
                            description = "Root certificate (DER) that a signed one must lead to. May be repeated.")
                    List<Path> roots)
            throws IOException {
        Bytes encoded = read(file);
        Map<String, Object> json = new LinkedHashMap<>();
        try {
            if (SignedCorim.isSigned(encoded)) {
                SignedCorim signed = SignedCorim.decode(encoded);
                boolean verified = roots != null && !roots.isEmpty();
                json.put("signature", verified ? "verified" : "not verified");
                json.putAll(CorimJson.show(verified ? verified(signed, roots) : signed.unverifiedContent()));
            } else {
                json.put("signature", "none");
                json.putAll(CorimJson.show(Corim.decode(encoded)));
            }
        } catch (CorimException e) {
            throw new CommandException(file + ": " + e.getMessage(), e);
        }
        spec.commandLine()
                .getOut()
                .println(JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValueAsString(json));
        return 0;
    }

    private static Corim verified(SignedCorim signed, List<Path> roots) throws IOException {
        List<Bytes> certificates = new ArrayList<>();
        for (Path root : roots) {
            certificates.add(read(root));
        }
        return signed.verify(certificates, Instant.now());
    }

    /// The bytes of a file of at most 4 MiB.
    static Bytes read(Path file) throws IOException {
        if (!Files.isReadable(file) || Files.size(file) > MAX_BYTES) {
            throw new CommandException(file + ": cannot be read, or over 4 MiB (expected: a CoRIM, a token or a key)");
        }
        return Bytes.copyOf(Files.readAllBytes(file));
    }
}
