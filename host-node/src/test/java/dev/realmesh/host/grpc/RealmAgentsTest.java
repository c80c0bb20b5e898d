// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.host.launch.RealmId;
import dev.realmesh.proto.realm.v1.Container;
import dev.realmesh.proto.realm.v1.ListContainersRequest;
import dev.realmesh.proto.realm.v1.ListContainersResponse;
import dev.realmesh.proto.realm.v1.RealmAgentServiceGrpc;
import dev.realmesh.proto.realm.v1.RealmAgentServiceGrpc.RealmAgentServiceBlockingStub;
import dev.realmesh.proto.realm.v1.RealmAgentServiceGrpc.RealmAgentServiceImplBase;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A call goes on to the Realm that it names, and comes back as the Realm answered it.
@Timeout(30)
class RealmAgentsTest {
    private final RealmAgents agents = new RealmAgents();
    private final List<Server> servers = new ArrayList<>();
    private final List<ManagedChannel> channels = new ArrayList<>();
    private RealmAgentServiceBlockingStub host;

    @BeforeEach
    void start() throws IOException {
        host = RealmAgentServiceGrpc.newBlockingStub(serve(agents));
        agents.add(new RealmId("realm-a"), serve(new Agent("of a")));
        agents.add(new RealmId("realm-b"), serve(new Agent("of b")));
    }

    @AfterEach
    void stop() throws InterruptedException {
        channels.forEach(ManagedChannel::shutdownNow);
        for (Server server : servers) {
            server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void callReachesTheRealmThatItNames() {
        assertThat(list("realm-a").getContainers(0).getName()).isEqualTo("of a");
        assertThat(list("realm-b").getContainers(0).getName()).isEqualTo("of b");
    }

    @Test
    void answerIsTheRealmsOwn() {
        assertThatThrownBy(() -> {
                    var unused = named("realm-a")
                            .stopContainer(dev.realmesh.proto.realm.v1.StopContainerRequest.getDefaultInstance());
                })
                .hasMessage("UNIMPLEMENTED: Method realmesh.realm.v1.RealmAgentService/StopContainer is unimplemented");
    }

    @Test
    void realmThatIsNotHereOrNotNamedIsToldApart() {
        agents.remove(new RealmId("realm-b"));

        assertRefused(() -> list("realm-b"), Status.Code.NOT_FOUND, "Realm realm-b: not on this host");
        assertRefused(() -> list("Realm x"), Status.Code.NOT_FOUND, "Realm ?ealm?x: not on this host");
        assertRefused(
                () -> host.listContainers(ListContainersRequest.getDefaultInstance()),
                Status.Code.INVALID_ARGUMENT,
                "metadata \"realm\"");
    }

    private ListContainersResponse list(String realm) {
        return named(realm).listContainers(ListContainersRequest.getDefaultInstance());
    }

    private RealmAgentServiceBlockingStub named(String realm) {
        Metadata headers = new Metadata();
        headers.put(RealmAgents.REALM, realm);
        return host.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static void assertRefused(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call, Status.Code code, String reason) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(code))
                .hasMessageContaining(reason);
    }

    private ManagedChannel serve(BindableService service) throws IOException {
        String name = InProcessServerBuilder.generateName();
        servers.add(InProcessServerBuilder.forName(name)
                .directExecutor()
                .addService(service)
                .build()
                .start());
        ManagedChannel channel =
                InProcessChannelBuilder.forName(name).directExecutor().build();
        channels.add(channel);
        return channel;
    }

    private static final class Agent extends RealmAgentServiceImplBase {
        private final String container;

        private Agent(String container) {
            this.container = container;
        }

        @Override
        public void listContainers(ListContainersRequest request, StreamObserver<ListContainersResponse> response) {
            response.onNext(ListContainersResponse.newBuilder()
                    .addContainers(Container.newBuilder().setName(container))
                    .build());
            response.onCompleted();
        }
    }
}
