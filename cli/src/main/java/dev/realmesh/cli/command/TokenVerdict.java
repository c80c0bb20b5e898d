// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import dev.realmesh.attestation.appraisal.AppraisalMode;
import dev.realmesh.attestation.appraisal.AppraisalRequest;
import dev.realmesh.attestation.appraisal.ArmCcaScheme;
import dev.realmesh.attestation.endorsement.GivenCorims;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.Corim;
import dev.realmesh.cca.corim.CorimException;
import dev.realmesh.cca.corim.CorimProfile;
import dev.realmesh.cca.corim.TrustAnchor;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrustTier;
import dev.realmesh.cca.token.CcaEvidence;
import dev.realmesh.cca.token.IntegrityException;
import dev.realmesh.cca.token.PlatformClaims;
import dev.realmesh.cca.token.ReferenceValueStore;
import dev.realmesh.cca.token.TrustAnchorStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What is said of a genuine token.
///
/// @param anchor the key that its platform part is signed with
/// @param challenge what its realm part was made for
/// @param submods the appraisals by submod, all affirming; empty if it was not appraised
record TokenVerdict(TrustAnchor anchor, Bytes challenge, Map<String, SubmodAppraisal> submods) {
    /// The verdict on a token whose signatures and binding hold.
    ///
    /// @throws CommandException if they do not hold, or `anchors` cannot be used
    static TokenVerdict of(Path file, CcaEvidence evidence, Path anchors) throws IOException {
        TrustAnchorStore store = store(anchors);
        try {
            store.requireGenuine(evidence);
        } catch (IntegrityException e) {
            throw new CommandException(file + " is not genuine: " + e.getMessage(), e);
        }
        PlatformClaims platform = evidence.platform().claims();
        TrustAnchor anchor = new TrustAnchor(
                platform.implementationId(),
                platform.instanceId(),
                store.find(platform).orElseThrow());
        return new TokenVerdict(anchor, evidence.realm().claims().challenge(), Map.of());
    }

    /// This verdict with an appraisal by reference values.
    ///
    /// @throws CommandException if a submod is not affirming, or a CoRIM cannot be used
    TokenVerdict appraised(Path file, Bytes token, List<Path> corims, AppraisalMode mode) throws IOException {
        List<Corim> given = new ArrayList<>(List.of(Corim.of("trust-anchor", CorimProfile.PLATFORM, List.of(anchor))));
        for (Path corim : corims) {
            given.addAll(corims(corim));
        }
        Map<String, SubmodAppraisal> appraisals =
                new TreeMap<>(new ArmCcaScheme(new GivenCorims(given, Instant.now()), mode)
                        .appraise(new AppraisalRequest(token, challenge)));
        appraisals.forEach((name, appraisal) -> requireAffirming(file, name, appraisal));
        return new TokenVerdict(anchor, challenge, appraisals);
    }

    String text() {
        StringBuilder text = new StringBuilder("genuine: both signatures and the binding hold");
        submods.forEach((name, appraisal) -> text.append(System.lineSeparator())
                .append(name)
                .append(' ')
                .append(appraisal.status().earName()));
        return text.toString();
    }

    Map<String, Object> json() {
        Map<String, String> statuses = new TreeMap<>();
        submods.forEach(
                (name, appraisal) -> statuses.put(name, appraisal.status().earName()));
        return new TreeMap<>(Map.of(
                "genuine",
                true,
                "implementation-id",
                anchor.implementationId().hex(),
                "instance-id",
                anchor.instanceId().hex(),
                "challenge",
                challenge.hex(),
                "submods",
                statuses));
    }

    private static void requireAffirming(Path file, String name, SubmodAppraisal appraisal) {
        if (appraisal.status() != TrustTier.AFFIRMING) {
            throw new CommandException("%s: %s is %s, %s (expected: affirming)"
                    .formatted(file, name, appraisal.status().earName(), appraisal.problem()));
        }
    }

    private static TrustAnchorStore store(Path anchors) throws IOException {
        String json = new String(Files.readAllBytes(anchors), StandardCharsets.UTF_8);
        try {
            return TrustAnchorStore.parse(json);
        } catch (IllegalArgumentException e) {
            throw new CommandException(anchors + ": " + e.getMessage(), e);
        }
    }

    /// What a file of reference values states: CoRIM, or the JSON of the ccatoken tools.
    private static List<Corim> corims(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        if (content.length > 0 && content[0] == '{') {
            return ofJson(file, new String(content, StandardCharsets.UTF_8));
        }
        try {
            return List.of(Corim.decode(Bytes.copyOf(content)));
        } catch (CorimException e) {
            throw new CommandException(file + " is no unsigned CoRIM: " + e.getMessage(), e);
        }
    }

    private static List<Corim> ofJson(Path file, String json) {
        try {
            ReferenceValueStore store = ReferenceValueStore.parse(json);
            return List.of(
                    Corim.of("platforms", CorimProfile.PLATFORM, store.platforms()),
                    Corim.of("realms", CorimProfile.REALM, store.realms()));
        } catch (IllegalArgumentException e) {
            throw new CommandException(file + ": " + e.getMessage(), e);
        }
    }
}
