// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.ear;

import dev.realmesh.cca.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The appraisals of platform and Realm as the one of a confidential guest, submod [TrusteeEar#CPU]: the worse verdict,
/// of each claim the worse value, and the evidence of both where a Trustee KBS and its policies look for it.
public final class CpuAppraisal {
    private static final String PROBLEM = "problem";

    private CpuAppraisal() {}

    /// The one appraisal of both.
    ///
    /// @param ear a result that did not refuse the evidence
    /// @param known what else is known of the evidence, such as `runtime_data_claims`, as JSON values
    /// @throws IllegalArgumentException if the result lacks a verdict on platform or Realm
    public static SubmodAppraisal of(Ear ear, Map<String, Object> known) {
        SubmodAppraisal platform = submod(ear, Ear.PLATFORM);
        SubmodAppraisal realm = submod(ear, Ear.REALM);
        return new SubmodAppraisal(
                ear.status(),
                platform.vector().joinedWith(realm.vector()),
                realm.policyId(),
                policyClaims(platform, realm),
                annotated(platform, realm, known));
    }

    private static SubmodAppraisal submod(Ear ear, String name) {
        SubmodAppraisal submod = ear.submods().get(name);
        if (submod == null) {
            throw new IllegalArgumentException("result: without " + name + " (expected: a verdict on it)");
        }
        return submod;
    }

    private static Map<String, Object> policyClaims(SubmodAppraisal platform, SubmodAppraisal realm) {
        Map<String, Object> claims = new TreeMap<>(platform.policyClaims());
        claims.putAll(realm.policyClaims());
        List<String> problems = new ArrayList<>();
        if (!platform.problem().isEmpty()) {
            problems.add("platform: " + platform.problem());
        }
        if (!realm.problem().isEmpty()) {
            problems.add("Realm: " + realm.problem());
        }
        if (!problems.isEmpty()) {
            claims.put(PROBLEM, String.join("; ", problems));
        }
        return claims;
    }

    private static Map<String, Object> annotated(
            SubmodAppraisal platform, SubmodAppraisal realm, Map<String, Object> known) {
        Map<String, Object> evidence = new TreeMap<>(known);
        evidence.put("cca", Map.of("platform", platform.annotatedEvidence(), "realm", realm.annotatedEvidence()));
        evidence.put("report_data", hex(realm, "cca-realm-challenge"));
        evidence.put("init_data", hex(realm, "cca-realm-personalization-value"));
        return evidence;
    }

    private static String hex(SubmodAppraisal realm, String claim) {
        return realm.evidenceBytes(claim).map(Bytes::hex).orElse("");
    }
}
