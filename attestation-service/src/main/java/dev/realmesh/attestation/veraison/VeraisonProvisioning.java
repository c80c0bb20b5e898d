// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.veraison;

import dev.realmesh.attestation.endorsement.EndorsementException;
import dev.realmesh.attestation.endorsement.Onward;
import dev.realmesh.cca.Bytes;
import dev.realmesh.remote.RemoteException;
import dev.realmesh.remote.RemoteService;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Set;

/// Veraison's provisioning API, version 1.
public final class VeraisonProvisioning implements Onward, AutoCloseable {
    private static final String SESSION = "application/vnd.veraison.provisioning-session+json";
    private static final String SUBMIT = "/endorsement-provisioning/v1/submit";
    private static final String HAS_IT = "already in store";

    private final RemoteService http;
    private final URI submit;

    /// @param provisioning base URL of the provisioning service
    public VeraisonProvisioning(VeraisonConfig config, URI provisioning) {
        this.http = new RemoteService(config.access());
        this.submit = provisioning.resolve(SUBMIT);
    }

    @Override
    public void submit(Bytes corim, String mediaType) {
        RemoteService.Answer answer;
        try {
            answer = http.send(
                    HttpRequest.newBuilder(submit)
                            .header("Accept", SESSION)
                            .header("Content-Type", mediaType)
                            .POST(BodyPublishers.ofByteArray(corim.toByteArray())),
                    Set.of(200));
        } catch (RemoteException e) {
            throw refused(String.valueOf(e.getMessage()), e);
        }
        String reason = answer.body().path("failure-reason").asString("");
        if (!answer.body().path("status").asString("").equals("success") && !reason.contains(HAS_IT)) {
            throw new EndorsementException.NotPassedOn("Veraison, " + submit + ": " + reason);
        }
    }

    private static EndorsementException refused(String what, RemoteException cause) {
        EndorsementException refused = new EndorsementException.NotPassedOn("Veraison, " + what);
        refused.initCause(cause);
        return refused;
    }

    @Override
    public void close() {
        http.close();
    }
}
