// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import static dev.realmesh.keybroker.KeyReleaseTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.realmesh.proto.keybroker.v1.DeleteResourceRequest;
import dev.realmesh.proto.keybroker.v1.ListResourcesRequest;
import dev.realmesh.proto.keybroker.v1.PutResourceRequest;
import dev.realmesh.proto.keybroker.v1.ResourceAdminServiceGrpc;
import dev.realmesh.proto.keybroker.v1.ResourceAdminServiceGrpc.ResourceAdminServiceBlockingStub;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the owner of the secrets does, and no one else.
class ResourceAdminTest {
    @TempDir
    Path folder;

    private BrokerUnderTest broker;

    @BeforeEach
    void open() {
        broker = new BrokerUnderTest(folder);
    }

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void listsPathsSortedAndNoValues() {
        broker.put("z/key/1", new byte[] {1});
        broker.put("a/key/2", new byte[] {2});
        broker.put("a/key/1", new byte[] {3});

        assertThat(paths()).containsExactly("a/key/1", "a/key/2", "z/key/1");
    }

    @Test
    void putReplacesWhatWasThere() {
        broker.put("a/key/1", "old".getBytes(StandardCharsets.UTF_8));
        broker.put("a/key/1", "new".getBytes(StandardCharsets.UTF_8));
        GuestUnderTest guest = new GuestUnderTest(broker.guest());
        guest.attest(broker.initdata);

        assertThat(guest.secret("a/key/1", broker.broker.identity())).asString().isEqualTo("new");
        assertThat(paths()).containsExactly("a/key/1");
    }

    @Test
    void deletedResourceIsGoneForAttestedRealmsToo() {
        broker.put("a/key/1", new byte[] {1});
        GuestUnderTest guest = new GuestUnderTest(broker.guest());
        guest.attest(broker.initdata);

        var unused = broker.owner().deleteResource(delete("a/key/1"));

        refused(Status.Code.NOT_FOUND, () -> guest.get("a/key/1"));
        refused(Status.Code.NOT_FOUND, () -> broker.owner().deleteResource(delete("a/key/1")));
        assertThat(paths()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Bearer x",
                "Basic TOKEN",
                "TOKEN",
                "Bearer TOKEN ",
                "Bearer  TOKEN",
                "Bearer TOKENx"
            })
    void anyOtherCredentialIsRefusedAndNothingChanges(String authorization) {
        broker.put("a/key/1", new byte[] {1});
        var stranger = broker.ownerWith(authorization.replace("TOKEN", broker.adminToken()));

        refusesAll(stranger);
        assertThat(paths()).containsExactly("a/key/1");
    }

    @Test
    void callWithoutCredentialIsRefused() {
        broker.put("a/key/1", new byte[] {1});

        refusesAll(broker.ownerWithoutToken());
        assertThat(paths()).containsExactly("a/key/1");
    }

    @Test
    void administrationIsNotOfferedOnTheBus() {
        var names = broker.broker.busServices().stream()
                .map(service -> service.bindService().getServiceDescriptor().getName())
                .toList();

        assertThat(names).doesNotContain(ResourceAdminServiceGrpc.SERVICE_NAME).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "../../etc", "a/b/..", "a/b/c/d", "a/b/c d"})
    void pathThatIsNoneIsNotStored(String path) {
        refused(Status.Code.INVALID_ARGUMENT, () -> broker.put(path, new byte[] {1}));
        refused(Status.Code.INVALID_ARGUMENT, () -> broker.owner().deleteResource(delete(path)));
        assertThat(paths()).isEmpty();
    }

    @Test
    void secretOfNoOrTooManyBytesIsNotStored() {
        refused(Status.Code.INVALID_ARGUMENT, () -> broker.put("a/key/1", new byte[0]));
        refused(Status.Code.INVALID_ARGUMENT, () -> broker.put("a/key/1", new byte[(1 << 20) + 1]));
        assertThat(paths()).isEmpty();

        broker.put("a/key/1", new byte[1 << 20]);
        assertThat(paths()).containsExactly("a/key/1");
    }

    private static void refusesAll(ResourceAdminServiceBlockingStub stranger) {
        refused(Status.Code.UNAUTHENTICATED, () -> stranger.listResources(ListResourcesRequest.getDefaultInstance()));
        refused(Status.Code.UNAUTHENTICATED, () -> stranger.deleteResource(delete("a/key/1")));
        refused(
                Status.Code.UNAUTHENTICATED,
                () -> stranger.putResource(PutResourceRequest.newBuilder()
                        .setPath("a/key/2")
                        .setSecret(ByteString.copyFromUtf8("x"))
                        .build()));
    }

    private List<String> paths() {
        return broker.owner()
                .listResources(ListResourcesRequest.getDefaultInstance())
                .getPathsList();
    }

    private static DeleteResourceRequest delete(String path) {
        return DeleteResourceRequest.newBuilder().setPath(path).build();
    }
}
