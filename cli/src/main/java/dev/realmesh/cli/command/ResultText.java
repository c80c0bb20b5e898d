// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.realmesh.cca.ear.TrustClaim;
import dev.realmesh.cca.ear.TrustTier;
import dev.realmesh.proto.attestation.v1.AttestationResult;
import dev.realmesh.proto.attestation.v1.AttestationStatus;
import dev.realmesh.proto.attestation.v1.MeasuredImage;
import dev.realmesh.proto.attestation.v1.SubmodAppraisal;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
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
        result.getSubmodsList().forEach(submod -> submod(text, submod));
        line(text, "RIM", hex(result.getRim()));
        line(text, "RPV", hex(result.getRpv()));
        line(text, "instance", hex(result.getInstanceId()));
        line(text, "platform", hex(result.getImplementationId()));
        result.getImagesList().forEach(image -> line(text, "ran", image(image)));
        return text.toString();
    }

    private static String image(MeasuredImage image) {
        return image.getReference() + ", " + image.getDigest()
                + (image.getStarts() == 1 ? "" : ", started " + image.getStarts() + " times");
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

    private static void submod(StringBuilder text, SubmodAppraisal submod) {
        String problem = submod.getProblem().isEmpty() ? "" : ": " + submod.getProblem();
        line(text, submod.getName(), status(submod.getStatus()) + problem);
        new TreeMap<>(submod.getTrustVectorMap()).forEach((name, value) -> {
            if (value != 0) {
                line(text, "  " + name, claim(name, value));
            }
        });
    }

    /// What a policy makes of each submod, and why.
    static String changes(List<SubmodAppraisal> before, List<SubmodAppraisal> after) {
        StringBuilder text = new StringBuilder();
        for (SubmodAppraisal was : before) {
            after.stream().filter(now -> now.getName().equals(was.getName())).forEach(now -> change(text, was, now));
        }
        return text.toString();
    }

    private static void change(StringBuilder text, SubmodAppraisal was, SubmodAppraisal now) {
        String problem = now.getProblem().isEmpty() ? "" : ": " + now.getProblem();
        line(text, now.getName(), arrow(status(was.getStatus()), status(now.getStatus())) + problem);
        new TreeMap<>(now.getTrustVectorMap()).forEach((name, value) -> {
            int old = was.getTrustVectorOrDefault(name, 0);
            if (old != value) {
                line(text, "  " + name, arrow(claim(name, old), claim(name, value)));
            }
        });
    }

    private static String arrow(String was, String now) {
        return was.equals(now) ? "stays " + now : was + " -> " + now.strip();
    }

    private static String claim(String name, int value) {
        String meaning =
                TrustClaim.ofName(name).map(claim -> claim.meaning(value)).orElse("");
        return String.format(
                Locale.ROOT,
                "%3d %s%s",
                value,
                TrustTier.ofClaim(value).earName(),
                meaning.isEmpty() ? "" : ", " + meaning);
    }

    private static void line(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            text.append(String.format(Locale.ROOT, "%-19s %s%n", name, value));
        }
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
