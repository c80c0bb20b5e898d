// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.rest;

/// The paths of the API.
final class Paths {
    static final String DISCOVERY = "/.well-known/veraison/";
    static final String TOKEN_KEYS = "/.well-known/jwks.json";
    static final String NEW_SESSION = "/challenge-response/v1/newSession";
    static final String SESSION = "/challenge-response/v1/session/:id";
    static final String SUBMIT = "/endorsement-provisioning/v1/submit";
    static final String POLICY = "/management/v1/policy/:scheme";
    static final String POLICY_OF_ID = "/management/v1/policy/:scheme/:uuid";
    static final String ACTIVATE = "/management/v1/policy/:scheme/:uuid/activate";
    static final String POLICIES = "/management/v1/policies/:scheme";
    static final String DEACTIVATE = "/management/v1/policies/:scheme/deactivate";

    private Paths() {}
}
