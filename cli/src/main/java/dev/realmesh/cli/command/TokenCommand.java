// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import dev.realmesh.attestation.appraisal.AppraisalMode;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.token.CcaEvidence;
import dev.realmesh.cca.token.IntegrityException;
import dev.realmesh.cca.token.ReferenceValueStore;
import dev.realmesh.cca.token.TokenException;
import dev.realmesh.cca.token.TokenJson;
import dev.realmesh.cca.token.TrustAnchorStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// `realmesh token decode|verify|make`: CCA tokens (CBOR tags 399 and 907), without a mesh.
@Command(name = "token", description = "CCA tokens.")
public final class TokenCommand {
    private static final int MAX_TOKEN_BYTES = 64 << 10;

    private final Caller caller;

    public TokenCommand(Caller caller) {
        this.caller = caller;
    }

    @Command(name = "decode", description = "Print a token's claims as JSON; nothing is verified.")
    int decode(
            @Parameters(paramLabel = "FILE", description = "The token; - is standard input.") Path file,
            @Option(names = "--json", description = "Print it on one line.") boolean json)
            throws IOException {
        JsonMapper mapper = JsonMapper.builder()
                .configure(SerializationFeature.INDENT_OUTPUT, !json)
                .build();
        caller.out().println(mapper.writeValueAsString(TokenJson.show(decoded(file, read(file)))));
        return 0;
    }

    @Command(
            name = "verify",
            description = {
                "Check a token's signatures and the binding of its two parts.",
                "With reference values, appraise it too: both parts must be affirming. No nonce is compared: whether the"
                        + " token is fresh only who gave out the nonce can tell."
            })
    int verify(
            @Parameters(paramLabel = "FILE", description = "The token; - is standard input.") Path file,
            @Option(
                            names = "--trust-anchors",
                            required = true,
                            paramLabel = "FILE",
                            description = "Platform keys, in the JSON of the ccatoken tools.")
                    Path anchors,
            @Option(
                            names = "--reference-values",
                            paramLabel = "FILE",
                            description = "Reference values of platform or Realm: an unsigned CoRIM, or the JSON of the"
                                    + " ccatoken tools. May be repeated.")
                    @Nullable
                    List<Path> corims,
            @Option(
                            names = "--appraisal",
                            defaultValue = "strict",
                            paramLabel = "RULES",
                            description = "strict (the default) or veraison-compatible.")
                    AppraisalMode mode,
            @Option(names = "--json", description = "Print JSON.") boolean json)
            throws IOException {
        Bytes token = read(file);
        TokenVerdict verdict = TokenVerdict.of(file, decoded(file, token), anchors);
        if (corims != null) {
            verdict = verdict.appraised(file, token, corims, mode);
        }
        caller.out().println(json ? JsonText.of(verdict.json()) : verdict.text());
        return 0;
    }

    @Command(
            name = "make",
            description = {
                "Make golden values from a token: what a verifier needs to accept the next one of the same platform and"
                        + " Realm.",
                "The token must be genuine by --key; whether its platform and Realm are good, who makes them answers for."
            })
    int make(
            @Parameters(paramLabel = "FILE", description = "The token; - is standard input.") Path file,
            @Option(
                            names = "--key",
                            required = true,
                            paramLabel = "FILE",
                            description = "The platform's public key, a JWK.")
                    Path key,
            @Option(
                            names = "--trust-anchors",
                            required = true,
                            paramLabel = "FILE",
                            description = "Where the key of the platform goes, in the JSON of the ccatoken tools.")
                    Path anchors,
            @Option(
                            names = "--reference-values",
                            required = true,
                            paramLabel = "FILE",
                            description = "Where the reference values go, likewise.")
                    Path references)
            throws IOException {
        CcaEvidence evidence = decoded(file, read(file));
        TrustAnchorStore store = store(key, evidence);
        try {
            store.requireGenuine(evidence);
        } catch (IntegrityException e) {
            throw new CommandException(file + " is not genuine by " + key + ": " + e.getMessage(), e);
        }
        Files.writeString(anchors, store.toJson() + System.lineSeparator());
        Files.writeString(references, ReferenceValueStore.golden(evidence) + System.lineSeparator());
        return 0;
    }

    private static TrustAnchorStore store(Path key, CcaEvidence evidence) throws IOException {
        try {
            return TrustAnchorStore.of(
                    evidence.platform().claims(), new String(Files.readAllBytes(key), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new CommandException(key + ": " + e.getMessage(), e);
        }
    }

    private static CcaEvidence decoded(Path file, Bytes token) {
        try {
            return CcaEvidence.decode(token);
        } catch (TokenException e) {
            throw new CommandException(file + " is no CCA token: " + e.getMessage(), e);
        }
    }

    private Bytes read(Path file) throws IOException {
        byte[] bytes = caller.read(file, MAX_TOKEN_BYTES);
        if (bytes.length > MAX_TOKEN_BYTES) {
            throw new CommandException(file + ": over 64 KiB (expected: a CCA token)");
        }
        return Bytes.copyOf(bytes);
    }
}
