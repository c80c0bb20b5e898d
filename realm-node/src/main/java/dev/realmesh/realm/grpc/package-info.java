// SPDX-License-Identifier: Apache-2.0

/// The Realm on the wire: [dev.realmesh.realm.grpc.RealmAgentGrpc] maps the agent's service to the domain, and the
/// clients here map what the domain asks of key-broker and image-service to their services. Mapping only.
@NullMarked
package dev.realmesh.realm.grpc;

import org.jspecify.annotations.NullMarked;
