// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.container;

import dev.realmesh.proto.realm.v1.RealmAgentServiceGrpc;
import dev.realmesh.proto.realm.v1.RealmAgentServiceGrpc.RealmAgentServiceBlockingStub;
import dev.realmesh.proto.realm.v1.RealmAgentServiceGrpc.RealmAgentServiceStub;
import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;

/// The agent of one Realm, through its host.
///
/// @param channel leads to the host
/// @param realm the Realm's name
record Agent(Channel channel, String realm) {
    private static final Metadata.Key<String> REALM = Metadata.Key.of("realm", Metadata.ASCII_STRING_MARSHALLER);

    RealmAgentServiceBlockingStub blocking() {
        return RealmAgentServiceGrpc.newBlockingStub(channel).withInterceptors(named());
    }

    RealmAgentServiceStub calls() {
        return RealmAgentServiceGrpc.newStub(channel).withInterceptors(named());
    }

    private ClientInterceptor named() {
        Metadata headers = new Metadata();
        headers.put(REALM, realm);
        return MetadataUtils.newAttachHeadersInterceptor(headers);
    }
}
