// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.rest;

/// The paths of the API.
final class Paths {
    static final String DISCOVERY = "/.well-known/veraison/";
    static final String TOKEN_KEYS = "/.well-known/jwks.json";
    static final String NEW_SESSION = "/challenge-response/v1/newSession";
    static final String SESSION = "/challenge-response/v1/session/:id";
    static final String SUBMIT = "/endorsement-provisioning/v1/submit";

    private Paths() {}
}
