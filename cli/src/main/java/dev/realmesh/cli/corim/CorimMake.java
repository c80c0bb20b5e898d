// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.corim;

import dev.realmesh.cca.corim.Comid;
import dev.realmesh.cca.corim.Corim;
import dev.realmesh.cca.corim.CorimException;
import dev.realmesh.cca.corim.CorimProfile;
import dev.realmesh.cca.corim.PlatformReference;
import dev.realmesh.cca.corim.RealmReference;
import dev.realmesh.cca.corim.Triple;
import dev.realmesh.cca.corim.TrustAnchor;
import dev.realmesh.cca.corim.Validity;
import dev.realmesh.cli.command.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `realmesh corim make`: an unsigned CoRIM of what several files state.
@Command(
        name = "make",
        description = {
            "Write an unsigned CoRIM: reference values of Realms, or reference values and keys of platforms.",
            "Whoever hands it to a verifier answers for it."
        })
final class CorimMake implements Callable<Integer> {
    private static final int ID_DIGITS = 16;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private RealmSources realms = new RealmSources();

    @Mixin
    private PlatformSources platforms = new PlatformSources();

    @Option(
            names = "--corim",
            paramLabel = "FILE",
            description =
                    "Take all that another unsigned CoRIM states, such as a host's platform.corim. May be repeated.")
    private List<Path> corims = List.of();

    @Option(names = "--id", paramLabel = "ID", description = "Its name (default: made of what it states).")
    private String id = "";

    @Option(
            names = "--not-before",
            paramLabel = "INSTANT",
            description = "When it begins to hold, as 2026-01-01T00:00:00Z.")
    @Nullable
    private Instant notBefore;

    @Option(names = "--not-after", paramLabel = "INSTANT", description = "When it ceases to hold.")
    @Nullable
    private Instant notAfter;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE",
            description = "Where to write it.")
    private Path output = Path.of("");

    @Override
    public Integer call() throws IOException {
        try {
            List<Triple> triples = triples();
            CorimProfile profile = profile(triples);
            String name = id.isEmpty() ? name(triples.getFirst()) : id;
            Corim corim = new Corim(name, profile, validity(), List.of(new Comid(name, triples)));
            Files.write(output, corim.encode().toByteArray());
            spec.commandLine().getOut().println(output + ": " + profile.mediaType());
            return 0;
        } catch (CorimException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }

    private List<Triple> triples() throws IOException {
        List<Triple> triples = new ArrayList<>(realms.triples());
        triples.addAll(platforms.triples());
        for (Path corim : corims) {
            triples.addAll(Corim.decode(CorimCommand.read(corim)).triples());
        }
        if (triples.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "nothing to state (expected: --measurement, --rim, --token, --trust-anchors or --corim)");
        }
        return triples.stream().distinct().toList();
    }

    private CorimProfile profile(List<Triple> triples) {
        Set<CorimProfile> profiles = EnumSet.noneOf(CorimProfile.class);
        for (Triple triple : triples) {
            profiles.add(
                    switch (triple) {
                        case RealmReference ignored -> CorimProfile.REALM;
                        case PlatformReference ignored -> CorimProfile.PLATFORM;
                        case TrustAnchor ignored -> CorimProfile.PLATFORM;
                    });
        }
        if (profiles.size() > 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Realms and platforms together (expected: one of them; a CoRIM has one profile)");
        }
        return profiles.iterator().next();
    }

    private static String name(Triple first) {
        return switch (first) {
            case RealmReference realm -> "realm-" + realm.rim().hex().substring(0, ID_DIGITS);
            case PlatformReference platform ->
                "platform-" + platform.implementationId().hex().substring(0, ID_DIGITS);
            case TrustAnchor anchor -> "platform-" + anchor.instanceId().hex().substring(0, ID_DIGITS + 2);
        };
    }

    private Validity validity() {
        return new Validity(
                notBefore == null ? Validity.ALWAYS.notBefore() : notBefore,
                notAfter == null ? Validity.ALWAYS.notAfter() : notAfter);
    }
}
