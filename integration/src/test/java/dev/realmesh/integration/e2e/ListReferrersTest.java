// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.image.ImageService;
import dev.realmesh.image.ImageServiceConfig;
import dev.realmesh.mesh.MeshConfig;
import dev.realmesh.mesh.MeshNode;
import dev.realmesh.mesh.edge.EdgeConfig;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.proto.image.v1.ImageServiceGrpc;
import dev.realmesh.proto.image.v1.ImageServiceGrpc.ImageServiceBlockingStub;
import dev.realmesh.proto.image.v1.ListReferrersRequest;
import dev.realmesh.proto.image.v1.ListReferrersResponse;
import dev.realmesh.proto.image.v1.Referrer;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `ListReferrers` says the same over the event bus, as Realms' hosts ask, and at the edge.
@Timeout(60)
class ListReferrersTest {
    private static final String SIGNATURE = "application/vnd.example.signature";
    private static final String BILL = "application/vnd.example.bill";
    private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.UTF_8);
    private static final OciDigest SUBJECT = OciDigest.of("image".getBytes(StandardCharsets.UTF_8));

    @TempDir
    private static Path folder;

    private static ImageService images;
    private static MeshNode node;
    private static ManagedChannel edge;
    private static HttpClient client;

    @BeforeAll
    static void start() throws Exception {
        images = ImageService.open(ImageServiceConfig.local(folder.resolve("store")), InstantSource.system());
        node = MeshNode.start(MeshConfig.local());
        node.serve(ImageService.BUS_NAME, images);
        int port = node.openEdge(EdgeConfig.loopback(0), images.edgeServices()).port();
        edge = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        client = HttpClient.newHttpClient();
        post("blobs/uploads/?digest=" + OciDigest.of(EMPTY), EMPTY);
        for (int i = 0; i < 5; i++) {
            refer(i, i == 0 ? BILL : SIGNATURE);
        }
    }

    @AfterAll
    static void stop() {
        client.close();
        edge.shutdownNow();
        node.close();
        images.close();
    }

    static Stream<ImageServiceBlockingStub> ways() {
        return Stream.of(
                ImageServiceGrpc.newBlockingStub(node.channel(ImageService.BUS_NAME)),
                ImageServiceGrpc.newBlockingStub(edge));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void givesPageAfterPage(ImageServiceBlockingStub service) {
        List<ListReferrersResponse> pages = pages(service, request().setPageSize(2));

        assertThat(pages)
                .hasSize(3)
                .allSatisfy(page -> assertThat(page.getReferrersCount()).isLessThanOrEqualTo(2));
        assertThat(pages.stream().flatMap(page -> page.getReferrersList().stream()))
                .hasSize(5)
                .extracting(Referrer::getDigest)
                .doesNotHaveDuplicates()
                .isSorted();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void givesThoseOfAType(ImageServiceBlockingStub service) {
        assertThat(service.listReferrers(request().setArtifactType(BILL).build())
                        .getReferrersList())
                .singleElement()
                .satisfies(bill -> assertThat(bill.getArtifactType()).isEqualTo(BILL));
        assertThat(service.listReferrers(request().setArtifactType("none/such").build())
                        .getReferrersList())
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void refusesByStatus(ImageServiceBlockingStub service) {
        assertStatus(Status.Code.INVALID_ARGUMENT, service, request().setPageSize(201));
        assertStatus(Status.Code.INVALID_ARGUMENT, service, request().setSubject("latest"));
        assertStatus(Status.Code.PERMISSION_DENIED, service, request().setReference("registry.example/app"));
    }

    private static void assertStatus(
            Status.Code code, ImageServiceBlockingStub service, ListReferrersRequest.Builder request) {
        assertThatThrownBy(() -> service.listReferrers(request.build()))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refusal -> assertThat(refusal.getStatus().getCode()).isEqualTo(code));
    }

    private static ListReferrersRequest.Builder request() {
        return ListReferrersRequest.newBuilder().setReference("app").setSubject(SUBJECT.toString());
    }

    private static List<ListReferrersResponse> pages(
            ImageServiceBlockingStub service, ListReferrersRequest.Builder request) {
        List<ListReferrersResponse> pages = new ArrayList<>();
        do {
            pages.add(service.listReferrers(request.build()));
            request.setPageToken(pages.getLast().getNextPageToken());
        } while (!request.getPageToken().isEmpty());
        return pages;
    }

    private static void refer(int number, String artifactType) throws IOException, InterruptedException {
        String manifest = """
                {"schemaVersion":2,"mediaType":"%s","artifactType":"%s","layers":[],"annotations":{"n":"%d"},
                 "config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"%s","size":2},
                 "subject":{"mediaType":"%s","digest":"%s","size":5}}""".formatted(
                MediaTypes.OCI_MANIFEST, artifactType, number, OciDigest.of(EMPTY), MediaTypes.OCI_MANIFEST, SUBJECT);
        send(registry("manifests/" + number)
                .header("Content-Type", MediaTypes.OCI_MANIFEST)
                .PUT(BodyPublishers.ofString(manifest)));
    }

    private static void post(String path, byte[] content) throws IOException, InterruptedException {
        send(registry(path).POST(BodyPublishers.ofByteArray(content)));
    }

    private static HttpRequest.Builder registry(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + images.registryPort() + "/v2/app/" + path));
    }

    private static void send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }
}
