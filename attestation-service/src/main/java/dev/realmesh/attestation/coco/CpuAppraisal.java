// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.coco;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.SubmodAppraisal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The appraisals of platform and Realm as the one of a confidential guest: the worse verdict, of each claim the worse
/// value, and the evidence of both where a Trustee KBS and its policies look for it.
final class CpuAppraisal {
    private static final String PROBLEM = "problem";
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private CpuAppraisal() {}

    /// @param ear a result that did not refuse the evidence
    static SubmodAppraisal of(Ear ear, VerificationRequest request) {
        SubmodAppraisal platform = submod(ear, Ear.PLATFORM);
        SubmodAppraisal realm = submod(ear, Ear.REALM);
        return new SubmodAppraisal(
                ear.status(),
                platform.vector().joinedWith(realm.vector()),
                realm.policyId(),
                policyClaims(platform, realm),
                annotated(platform, realm, request));
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
            SubmodAppraisal platform, SubmodAppraisal realm, VerificationRequest request) {
        ObjectNode evidence = JSON.createObjectNode();
        ObjectNode cca = evidence.putObject(VerificationRequest.TEE);
        cca.set("platform", JSON.valueToTree(platform.annotatedEvidence()));
        cca.set("realm", JSON.valueToTree(realm.annotatedEvidence()));
        evidence.put("report_data", hex(realm, "cca-realm-challenge"));
        evidence.set("runtime_data_claims", request.runtimeData().claims());
        evidence.put("init_data", hex(realm, "cca-realm-personalization-value"));
        evidence.set("init_data_claims", request.initData().claims());
        return JSON.convertValue(evidence, OBJECT);
    }

    private static String hex(SubmodAppraisal realm, String claim) {
        return realm.evidenceBytes(claim).map(Bytes::hex).orElse("");
    }
}
