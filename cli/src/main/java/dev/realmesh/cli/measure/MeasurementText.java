// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.measure;

import dev.realmesh.cca.Digest;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.cli.measure.Measurement.Created;
import dev.realmesh.cli.measure.Measurement.Loaded;
import dev.realmesh.cli.measure.Measurement.Operation;
import dev.realmesh.cli.measure.Measurement.RamInitialized;
import dev.realmesh.cli.measure.Measurement.RecCreated;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// Measurements as text: in the words of `realm-measurements`, and the operations as a table.
final class MeasurementText {
    private static final int FIELD_BYTES = 64;
    private static final int SHORT_RIM = 16;

    private MeasurementText() {}

    /// RIM and REMs, a line each, 64 bytes of hexadecimal digits or of base64.
    static List<String> lines(Measurement measurement, boolean base64) {
        Function<Digest, String> spelled = base64
                ? digest -> Base64.getEncoder().encodeToString(digest.padded(FIELD_BYTES))
                : digest -> HexFormat.of().formatHex(digest.padded(FIELD_BYTES));
        List<String> lines = new ArrayList<>();
        lines.add("RIM: " + spelled.apply(measurement.rim()));
        for (int i = 0; i < measurement.rems().size(); i++) {
            lines.add("REM" + i + ": " + spelled.apply(measurement.rems().get(i)));
        }
        return lines;
    }

    /// The operations, a line each, with the begin of the RIM after it.
    static List<String> table(Measurement measurement) {
        return measurement.operations().stream()
                .map(operation -> String.format(
                        Locale.ROOT,
                        "%-12s %-72s %s…",
                        name(operation),
                        described(operation),
                        operation.rim().hex().substring(0, SHORT_RIM)))
                .toList();
    }

    private static String name(Operation operation) {
        return switch (operation) {
            case Created ignored -> "REALM_CREATE";
            case RamInitialized ignored -> "INIT_RIPAS";
            case Loaded ignored -> "DATA_CREATE";
            case RecCreated ignored -> "REC_CREATE";
        };
    }

    private static String described(Operation operation) {
        return switch (operation) {
            case Created created -> described(created.features());
            case RamInitialized ram -> "RAM 0x%x to 0x%x".formatted(ram.base(), ram.top());
            case Loaded loaded ->
                "%s at 0x%x, %s"
                        .formatted(
                                loaded.name(),
                                loaded.address(),
                                loaded.measured()
                                        ? "%d bytes in %s".formatted(loaded.size(), pages(loaded.pages()))
                                        : loaded.size() + " bytes, not measured");
            case RecCreated rec ->
                "pc 0x%x, x0 0x%x".formatted(rec.pc(), rec.registers().getFirst());
        };
    }

    private static String pages(PageChecksums pages) {
        return pages.count() == 1 ? "1 page" : pages.count() + " pages";
    }

    private static String described(RealmFeatures features) {
        return "%d IPA bits, %d+%d break- and watchpoints, SVE %s, PMU %s%s"
                .formatted(
                        features.s2sz(),
                        features.numBps() + 1,
                        features.numWps() + 1,
                        features.has(RealmFeatures.FLAG_SVE) ? 128 * (features.sveVl() + 1) : "off",
                        features.has(RealmFeatures.FLAG_PMU) ? features.pmuNumCtrs() : "off",
                        features.has(RealmFeatures.FLAG_LPA2) ? ", LPA2" : "");
    }
}
