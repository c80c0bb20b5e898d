// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.corim;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.Digest;
import dev.realmesh.cca.corim.RealmReference;
import dev.realmesh.cli.command.CommandException;
import dev.realmesh.cli.measure.Measurement;
import dev.realmesh.cli.measure.MeasurementJson;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/// Where reference values of Realms come from.
final class RealmSources {
    @Option(
            names = "--measurement",
            paramLabel = "FILE",
            description = "Endorse the RIM of a file that realmesh measure --json wrote. May be repeated.")
    private List<Path> measurements = List.of();

    @Option(names = "--rem", description = "Also endorse the REMs of these files: no Realm may have others.")
    private boolean rems;

    @Option(names = "--rpv", description = "Also endorse the personalization values of these files.")
    private boolean personalizationValues;

    @Option(
            names = "--rim",
            paramLabel = "HEX",
            description = "Endorse a RIM: 32 or 64 bytes of hexadecimal digits. May be repeated.")
    private List<String> rims = List.of();

    List<RealmReference> triples() {
        List<RealmReference> triples = new ArrayList<>();
        for (Path file : measurements) {
            triples.add(reference(MeasurementJson.read(file)));
        }
        for (String rim : rims) {
            triples.add(RealmReference.ofRim(hex(rim)));
        }
        return triples;
    }

    private RealmReference reference(Measurement measurement) {
        RealmReference reference = RealmReference.ofRim(bytes(measurement.rim()));
        if (rems) {
            reference = reference.withRems(
                    measurement.rems().stream().map(RealmSources::bytes).toList());
        }
        if (personalizationValues) {
            reference = reference.withRpv(
                    Bytes.copyOf(measurement.personalizationValue().toByteArray()));
        }
        return reference;
    }

    private static Bytes bytes(Digest digest) {
        return Bytes.copyOf(digest.toByteArray());
    }

    private static Bytes hex(String digits) {
        try {
            return Bytes.ofHex(digits);
        } catch (IllegalArgumentException e) {
            throw new CommandException("--rim: " + digits + " (expected: hexadecimal digits)", e);
        }
    }
}
