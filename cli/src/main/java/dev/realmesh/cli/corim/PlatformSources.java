// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.corim;

import dev.realmesh.cca.corim.PlatformReference;
import dev.realmesh.cca.corim.PlatformReference.PlatformConfig;
import dev.realmesh.cca.corim.ReferenceDigest;
import dev.realmesh.cca.corim.SoftwareReference;
import dev.realmesh.cca.corim.Triple;
import dev.realmesh.cca.token.CcaEvidence;
import dev.realmesh.cca.token.PlatformClaims;
import dev.realmesh.cca.token.SoftwareComponent;
import dev.realmesh.cca.token.TokenException;
import dev.realmesh.cca.token.TrustAnchorStore;
import dev.realmesh.cli.command.CommandException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/// Where reference values and keys of platforms come from.
final class PlatformSources {
    @Option(
            names = "--token",
            paramLabel = "FILE",
            description = "Endorse the software and the configuration that a CCA token tells of. It is believed as it"
                    + " stands: take it from a platform that you know. May be repeated.")
    private List<Path> tokens = List.of();

    @Option(
            names = "--trust-anchors",
            paramLabel = "FILE",
            description = "Endorse platform keys, in the JSON of the ccatoken tools. May be repeated.")
    private List<Path> anchors = List.of();

    List<Triple> triples() throws IOException {
        List<Triple> triples = new ArrayList<>();
        for (Path file : tokens) {
            triples.add(reference(file));
        }
        for (Path file : anchors) {
            triples.addAll(anchors(file));
        }
        return triples;
    }

    private static PlatformReference reference(Path file) throws IOException {
        try {
            PlatformClaims claims =
                    CcaEvidence.decode(CorimCommand.read(file)).platform().claims();
            return new PlatformReference(
                    claims.implementationId(),
                    claims.softwareComponents().stream()
                            .map(PlatformSources::reference)
                            .toList(),
                    List.of(PlatformConfig.exactly(claims.config())));
        } catch (TokenException e) {
            throw new CommandException(file + " is no CCA token: " + e.getMessage(), e);
        }
    }

    private static SoftwareReference reference(SoftwareComponent component) {
        return new SoftwareReference(
                component.type(),
                component.version(),
                List.of(ReferenceDigest.sha2(component.measurement())),
                component.signerId());
    }

    private static List<? extends Triple> anchors(Path file) throws IOException {
        try {
            String json = new String(CorimCommand.read(file).toByteArray(), StandardCharsets.UTF_8);
            return TrustAnchorStore.parse(json).anchors();
        } catch (IllegalArgumentException e) {
            throw new CommandException(file + ": " + e.getMessage(), e);
        }
    }
}
