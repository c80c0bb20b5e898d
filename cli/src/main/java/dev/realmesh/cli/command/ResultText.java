// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.realmesh.proto.attestation.v1.AttestationResult;
import dev.realmesh.proto.attestation.v1.AttestationStatus;
import dev.realmesh.proto.attestation.v1.SubmodAppraisal;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// An attestation result as text.
public final class ResultText {
    private ResultText() {}

    /// All of a result that a person asks for, a fact a line.
    public static String of(AttestationResult result) {
        StringBuilder text = new StringBuilder();
        line(text, "result", result.getResultId());
        line(text, "issued", Timestamps.toString(result.getIssuedAt()));
        line(text, "realm", result.getRealmId());
        line(text, "status", status(result.getStatus()));
        result.getSubmodsList().forEach(submod -> line(text, submod.getName(), submod(submod)));
        line(text, "RIM", hex(result.getRim()));
        line(text, "RPV", hex(result.getRpv()));
        line(text, "instance", hex(result.getInstanceId()));
        line(text, "platform", hex(result.getImplementationId()));
        return text.toString();
    }

    /// A result in one line: status, submods, RIM.
    public static String summary(AttestationResult result) {
        String submods = result.getSubmodsList().stream()
                .map(submod -> submod.getName() + " " + status(submod.getStatus()))
                .collect(Collectors.joining(", "));
        return status(result.getStatus()) + " (" + submods + "), RIM " + hex(result.getRim());
    }

    /// The status by its AR4SI name.
    public static String status(AttestationStatus status) {
        return switch (status) {
            case ATTESTATION_STATUS_NONE -> "none";
            case ATTESTATION_STATUS_AFFIRMING -> "affirming";
            case ATTESTATION_STATUS_WARNING -> "warning";
            case ATTESTATION_STATUS_CONTRAINDICATED -> "contraindicated";
            case ATTESTATION_STATUS_UNSPECIFIED, UNRECOGNIZED -> "unknown";
        };
    }

    private static String submod(SubmodAppraisal submod) {
        Map<String, Integer> claims = new TreeMap<>(submod.getTrustVectorMap());
        claims.values().removeIf(value -> value == 0);
        String problem = submod.getProblem().isEmpty() ? "" : "  " + submod.getProblem();
        return status(submod.getStatus()) + " " + claims + problem;
    }

    private static void line(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            text.append(String.format(Locale.ROOT, "%-17s %s%n", name, value));
        }
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
