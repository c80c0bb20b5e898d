// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import com.google.protobuf.util.Timestamps;
import dev.realmesh.proto.host.v1.HostServiceGrpc;
import dev.realmesh.proto.host.v1.ListRealmsRequest;
import dev.realmesh.proto.host.v1.Realm;
import dev.realmesh.proto.host.v1.RemoveRealmRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `realmesh realm list|remove`: the Realms of the host.
@Command(name = "realm", description = "Realms of the host.")
public final class RealmCommand {
    @Command(name = "list", description = "List the Realms that exist now.")
    int list(@Mixin Edge edge) {
        for (Realm realm : edge.call(channel ->
                        HostServiceGrpc.newBlockingStub(channel).listRealms(ListRealmsRequest.getDefaultInstance()))
                .getRealmsList()) {
            System.out.printf(
                    "%s  %s  %-10s  %s%n",
                    realm.getRealmId(), Timestamps.toString(realm.getCreatedAt()), realm.getState(), realm.getImage());
        }
        return 0;
    }

    @Command(name = "remove", description = "End a Realm and give its memory back.")
    int remove(@Mixin Edge edge, @Parameters(paramLabel = "REALM", description = "Name of the Realm.") String realm) {
        edge.call(channel -> HostServiceGrpc.newBlockingStub(channel)
                .removeRealm(RemoveRealmRequest.newBuilder().setRealmId(realm).build()));
        return 0;
    }
}
