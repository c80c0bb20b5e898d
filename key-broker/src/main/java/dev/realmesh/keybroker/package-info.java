// SPDX-License-Identifier: Apache-2.0

/// The key broker: keeps secrets and releases them to Realms that attested, and to no one else.
///
/// A release, step by step: [dev.realmesh.keybroker.grpc.KeyBrokerGrpc] takes the call;
/// [dev.realmesh.keybroker.rcar.Handshake] gives the challenge, has the evidence appraised and checks the appraisal;
/// [dev.realmesh.keybroker.release.ReleaseResource] asks the [dev.realmesh.keybroker.policy.ReleasePolicy], reads the
/// secret
/// from the [dev.realmesh.keybroker.resource.ResourceRepository], seals it to the Realm's key and signs the answer.
/// [dev.realmesh.keybroker.KeyBroker] puts these together.
@NullMarked
package dev.realmesh.keybroker;

import org.jspecify.annotations.NullMarked;
