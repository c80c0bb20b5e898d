// SPDX-License-Identifier: Apache-2.0

/// Proves to key-broker what this Realm is. [dev.realmesh.realm.attest.RcarClient] holds the handshake, in one method;
/// [dev.realmesh.realm.attest.EvidenceCollector] binds the evidence to its nonce and to the Realm's own TEE key;
/// [dev.realmesh.realm.attest.KeyBroker] is what the Realm expects of the other end.
@NullMarked
package dev.realmesh.realm.attest;

import org.jspecify.annotations.NullMarked;
