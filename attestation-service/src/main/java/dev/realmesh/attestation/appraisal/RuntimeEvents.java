// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

import dev.realmesh.attestation.result.MeasuredImage;
import dev.realmesh.attestation.result.RuntimeLog;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.Digest;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.measurement.RealmExtensibleMeasurement;
import dev.realmesh.cca.token.CcaEvidence;
import dev.realmesh.kbs.aael.AaelEntry;
import dev.realmesh.kbs.aael.AaelException;
import dev.realmesh.kbs.aael.AaelLog;
import dev.realmesh.kbs.aael.PulledImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A Realm's event log (AAEL), held against the registers of its evidence: it must replay to REM\[2], and the digests
/// of
/// the images that it says were pulled to REM\[3]. So whoever carries it can leave out or add nothing.
final class RuntimeEvents {
    private static final int EVENTS = 2;
    private static final int IMAGES = 3;

    private RuntimeEvents() {}

    /// What a log says, once it is known to be this evidence's.
    ///
    /// @param log empty if none came with the evidence
    /// @throws AppraisalException.NotEvidence if it is no log, or another's
    static RuntimeLog of(CcaEvidence evidence, Bytes log) {
        if (log.isEmpty()) {
            return RuntimeLog.NONE;
        }
        List<Bytes> registers = evidence.realm().claims().extensibleMeasurements();
        AaelLog events = parsed(log);
        HashAlgorithm hash = hash(registers.get(EVENTS));
        require(EVENTS, events.replay(Digest.zero(hash.digestSize()).toByteArray()), registers);
        List<PulledImage> images = events.entries().stream()
                .map(AaelEntry::event)
                .flatMap(event -> PulledImage.in(event).stream())
                .toList();
        RealmExtensibleMeasurement register = RealmExtensibleMeasurement.initial(hash);
        for (PulledImage image : images) {
            register = register.extended(image.extension());
        }
        require(IMAGES, register.value().toByteArray(), registers);
        return new RuntimeLog(log, started(images));
    }

    private static AaelLog parsed(Bytes log) {
        try {
            return AaelLog.parse(log.toByteArray());
        } catch (AaelException e) {
            throw new AppraisalException.NotEvidence("event_log: " + e.getMessage());
        }
    }

    private static HashAlgorithm hash(Bytes register) {
        return Arrays.stream(HashAlgorithm.values())
                .filter(each -> each.digestSize() == register.size())
                .findFirst()
                .orElseThrow(() -> new AppraisalException.NotEvidence(
                        "event_log: for registers of " + register.size() + " bytes (expected: 32 or 64)"));
    }

    private static void require(int register, byte[] replayed, List<Bytes> registers) {
        if (!Bytes.copyOf(replayed).equals(registers.get(register))) {
            throw new AppraisalException.NotEvidence(
                    "event_log: does not replay to REM[" + register + "] (expected: the log of this evidence)");
        }
    }

    private static List<MeasuredImage> started(List<PulledImage> images) {
        Map<PulledImage, Integer> starts = new LinkedHashMap<>();
        images.forEach(image -> starts.merge(image, 1, Integer::sum));
        List<MeasuredImage> all = new ArrayList<>();
        starts.forEach((image, count) -> all.add(new MeasuredImage(image.reference(), image.digest(), count)));
        return all.subList(0, Math.min(all.size(), RuntimeLog.MOST_IMAGES));
    }
}
