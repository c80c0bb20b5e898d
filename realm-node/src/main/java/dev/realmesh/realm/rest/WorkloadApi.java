// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.rest;

import dev.realmesh.kbs.BoundedJson;
import dev.realmesh.kbs.WorkloadFeatures;
import dev.realmesh.realm.attest.EventLog;
import dev.realmesh.realm.attest.EvidenceCollector;
import dev.realmesh.realm.attest.WorkloadToken;
import dev.realmesh.realm.secret.SecretClient;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The paths that a workload may ask, by the features that the Realm's initdata gives it.
public final class WorkloadApi {
    private static final String AA = "/aa";
    private static final String CDH = "/cdh";
    private static final String TEE = "cca";

    private final WorkloadFeatures features;
    private final AttestationRoutes attestation;
    private final ResourceRoutes resources;

    private WorkloadApi(WorkloadFeatures features, AttestationRoutes attestation, ResourceRoutes resources) {
        this.features = features;
        this.attestation = attestation;
        this.resources = resources;
    }

    /// What the API is made of.
    ///
    /// @param secrets where secrets come from
    /// @param token of the workload's own
    /// @param evidence of this Realm
    /// @param events of this Realm
    public record Parts(SecretClient secrets, WorkloadToken token, EvidenceCollector evidence, EventLog events) {}

    /// The API of a Realm whose initdata gives these features.
    public static WorkloadApi of(WorkloadFeatures features, Parts parts) {
        return new WorkloadApi(
                features,
                new AttestationRoutes(parts.token(), parts.evidence(), parts.events()),
                new ResourceRoutes(parts.secrets()));
    }

    /// Whether there is anything to serve.
    public boolean isServed() {
        return features != WorkloadFeatures.NONE;
    }

    /// Listens at 127.0.0.1:8006 of the calling thread's network namespace until it is closed.
    ///
    /// @throws ApiServer.NotListeningException if that cannot be had
    public ApiServer listen() {
        return ApiServer.listen(this);
    }

    Answer answer(Question question) {
        String path = question.path();
        if (path.equals("/info")) {
            return question.isGet() ? info() : Answer.notAllowed();
        }
        if (path.startsWith(AA + "/")) {
            return features.attestation()
                    ? attestation.answer(path.substring(AA.length()), question)
                    : Answer.notEnabled("Attestation");
        }
        if (path.startsWith(CDH + "/")) {
            return features.resource()
                    ? resources.answer(path.substring(CDH.length()), question)
                    : Answer.notEnabled("Resource");
        }
        return Answer.notFound();
    }

    /// As upstream, the TEE is told where attestation is served, and no list of other TEEs where there are none.
    private Answer info() {
        ObjectNode json = BoundedJson.newObject();
        json.put("version", version());
        if (features.attestation()) {
            json.put("tee", TEE);
        }
        json.put("feature", features.text());
        return Answer.json(BoundedJson.bytes(json));
    }

    private static String version() {
        return Optional.ofNullable(WorkloadApi.class.getPackage().getImplementationVersion())
                .orElse("N/A");
    }
}
