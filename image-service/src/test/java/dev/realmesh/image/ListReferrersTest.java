// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageSink;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.proto.image.v1.ListReferrersRequest;
import dev.realmesh.proto.image.v1.ListReferrersResponse;
import dev.realmesh.proto.image.v1.Referrer;
import dev.realmesh.testkit.UpstreamRegistry;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is about an image, its signatures for one, is found in our registry and in others: OCI distribution 1.1,
/// "Listing Referrers" and "Referrers Tag Schema".
class ListReferrersTest {
    private static final OciDigest SUBJECT = OciDigest.of("image".getBytes(StandardCharsets.UTF_8));
    private static final String SIGNATURE = "application/vnd.example.signature";
    private static final String BILL = "application/vnd.example.bill";
    private static final byte[] CONFIG = "{}".getBytes(StandardCharsets.UTF_8);
    private static final String API = "/v2/app/referrers/" + SUBJECT;

    @TempDir
    Path folder;

    private UpstreamRegistry upstream;
    private ImageServiceUnderTest service;

    @BeforeEach
    void start() throws IOException {
        upstream = new UpstreamRegistry();
        service = new ImageServiceUnderTest(
                ImageServiceConfig.local(folder, ImageServiceUnderTest.asking(upstream.host())),
                InstantSource.system());
    }

    @AfterEach
    void stop() {
        service.close();
        upstream.close();
    }

    @Test
    void findsThoseOfOurRegistryByType() throws IOException {
        push(SIGNATURE, "a", "x");
        OciDigest bill = push(BILL, "b", "me");

        List<Referrer> found = all(request("app").setArtifactType(BILL));

        assertThat(found).singleElement().satisfies(referrer -> {
            assertThat(referrer.getDigest()).isEqualTo(bill.toString());
            assertThat(referrer.getMediaType()).isEqualTo(MediaTypes.OCI_MANIFEST);
            assertThat(referrer.getArtifactType()).isEqualTo(BILL);
            assertThat(referrer.getAnnotationsMap()).containsEntry("by", "me");
            assertThat(referrer.getSize()).isPositive();
        });
        assertThat(all(request("app"))).hasSize(2);
        assertThat(all(request("other"))).isEmpty();
    }

    @Test
    void pagesThroughMany() throws IOException {
        for (int i = 0; i < 7; i++) {
            push(SIGNATURE, "v" + i, "x");
        }

        assertThat(all(request("app").setPageSize(3)))
                .hasSize(7)
                .extracting(Referrer::getDigest)
                .doesNotHaveDuplicates()
                .isSorted();
    }

    @Test
    void staysWithinTheSizeOfMessages() throws IOException {
        for (int i = 0; i < 70; i++) {
            push(SIGNATURE, "v" + i, "x".repeat(60_000));
        }
        OciDigest large = push(SIGNATURE, "large", "x".repeat(70_000));

        assertThat(service.calls().listReferrers(request("app").build()).getSerializedSize())
                .isBetween(1 << 20, 2 << 20);
        List<Referrer> found = all(request("app"));
        assertThat(found).hasSize(71);
        assertThat(found)
                .filteredOn(referrer -> referrer.getDigest().equals(large.toString()))
                .singleElement()
                .satisfies(referrer -> assertThat(referrer.getAnnotationsMap()).isEmpty());
    }

    @Test
    void asksOtherRegistriesByTheirApiPageByPage() {
        upstream.on(API, http -> {
            boolean first = http.getRequestURI().getQuery() == null;
            if (first) {
                http.getResponseHeaders().set("Link", "<" + API + "?last=1>; rel=\"next\"");
            }
            UpstreamRegistry.text(MediaTypes.OCI_INDEX, index(first ? 0 : 3, 3)).handle(http);
        });

        assertThat(all(remote("app").setPageSize(4)))
                .hasSize(6)
                .extracting(Referrer::getDigest)
                .doesNotHaveDuplicates()
                .isSorted();
        assertThat(all(remote("app").setArtifactType(BILL))).isEmpty();
    }

    @Test
    void asksRegistriesWithoutTheApiByTheTag() {
        upstream.on(
                "/v2/app/manifests/sha256-" + SUBJECT.hex(), UpstreamRegistry.text(MediaTypes.OCI_INDEX, index(0, 2)));

        assertThat(all(remote("app").setArtifactType(SIGNATURE)))
                .hasSize(2)
                .allSatisfy(found -> assertThat(found.getAnnotationsMap()).containsEntry("by", "me"));
        assertThat(all(remote("none"))).isEmpty();
    }

    @Test
    void refusesListsThatLeadElsewhereOrGoOnOrAreNone() {
        upstream.on(API, http -> {
            http.getResponseHeaders().set("Link", "<http://127.0.0.1:1/next>; rel=\"next\"");
            UpstreamRegistry.text(MediaTypes.OCI_INDEX, index(0, 1)).handle(http);
        });
        assertThat(ImageServiceUnderTest.refusal(Status.Code.UNAVAILABLE, () -> all(remote("app"))))
                .contains("Link to another host");

        upstream.on(API, http -> {
            http.getResponseHeaders().set("Link", "<" + API + "?again>; rel=\"next\"");
            UpstreamRegistry.text(MediaTypes.OCI_INDEX, index(0, 1)).handle(http);
        });
        assertThat(ImageServiceUnderTest.refusal(Status.Code.UNAVAILABLE, () -> all(remote("app"))))
                .contains("pages of the list of referrers");

        upstream.on(API, UpstreamRegistry.text("text/html", "<html>"));
        assertThat(ImageServiceUnderTest.refusal(Status.Code.UNAVAILABLE, () -> all(remote("app"))))
                .contains("referrers: not JSON");
    }

    @Test
    void refusesRequestsOutOfRange() {
        refuse(Status.Code.INVALID_ARGUMENT, request("app").setPageSize(201));
        refuse(Status.Code.INVALID_ARGUMENT, request("app").setPageSize(-1));
        refuse(Status.Code.INVALID_ARGUMENT, request("app").setSubject("latest"));
        refuse(Status.Code.INVALID_ARGUMENT, request("app").setPageToken("x"));
        refuse(Status.Code.INVALID_ARGUMENT, request("../app"));
        refuse(Status.Code.PERMISSION_DENIED, request("registry.example/app"));
    }

    private void refuse(Status.Code code, ListReferrersRequest.Builder request) {
        ImageServiceUnderTest.refusal(code, () -> service.calls().listReferrers(request.build()));
    }

    private List<Referrer> all(ListReferrersRequest.Builder request) {
        List<Referrer> found = new ArrayList<>();
        String next = "";
        do {
            ListReferrersResponse page =
                    service.calls().listReferrers(request.setPageToken(next).build());
            found.addAll(page.getReferrersList());
            next = page.getNextPageToken();
        } while (!next.isEmpty());
        return found;
    }

    private ListReferrersRequest.Builder remote(String repository) {
        return request(upstream.image(repository));
    }

    private static ListReferrersRequest.Builder request(String reference) {
        return ListReferrersRequest.newBuilder().setReference(reference).setSubject(SUBJECT.toString());
    }

    private OciDigest push(String artifactType, String tag, String by) throws IOException {
        byte[] manifest = ("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"artifactType\":\""
                        + artifactType + "\",\"config\":" + descriptor("application/vnd.oci.empty.v1+json", CONFIG)
                        + ",\"layers\":[],\"annotations\":{\"by\":\"" + by + "\",\"tag\":\"" + tag
                        + "\"},\"subject\":{\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"digest\":\"" + SUBJECT
                        + "\",\"size\":5}}")
                .getBytes(StandardCharsets.UTF_8);
        ImageSink sink = service.registry().sink(service.image("app:" + tag));
        sink.putBlob(
                new Descriptor("application/json", OciDigest.of(CONFIG), CONFIG.length, Map.of()),
                new ByteArrayInputStream(CONFIG));
        Descriptor pushed = new Descriptor(MediaTypes.OCI_MANIFEST, OciDigest.of(manifest), manifest.length, Map.of());
        sink.putManifest(pushed, manifest);
        return pushed.digest();
    }

    private static String index(int first, int count) {
        List<String> entries = IntStream.range(first, first + count)
                .mapToObj(i -> "manifest " + i)
                .map(text -> descriptor(MediaTypes.OCI_MANIFEST, text.getBytes(StandardCharsets.UTF_8)))
                .map(json -> json.substring(0, json.length() - 1) + ",\"artifactType\":\"" + SIGNATURE
                        + "\",\"annotations\":{\"by\":\"me\"}}")
                .toList();
        return "{\"schemaVersion\":2,\"manifests\":[" + String.join(",", entries) + "]}";
    }

    private static String descriptor(String mediaType, byte[] content) {
        return "{\"mediaType\":\"" + mediaType + "\",\"digest\":\"" + OciDigest.of(content) + "\",\"size\":"
                + content.length + "}";
    }
}
