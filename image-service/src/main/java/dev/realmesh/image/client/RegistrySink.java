// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.client;

import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageSink;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.VerifyingInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/// Pushes an image's blobs, each by one request, then its manifest.
final class RegistrySink implements ImageSink {
    private final RegistryHttp http;
    private final RemoteRepository repository;
    private final Reference reference;

    RegistrySink(RegistryHttp http, RemoteRepository repository, Reference reference) {
        this.http = http;
        this.repository = repository;
        this.reference = reference;
    }

    @Override
    public void putBlob(Descriptor blob, InputStream content) {
        URI uri = repository.blob(blob.digest().toString());
        HttpRequest.Builder head = HttpRequest.newBuilder(uri).HEAD();
        if (closed(head).statusCode() == 200) {
            return;
        }
        HttpRequest.Builder begin =
                HttpRequest.newBuilder(repository.uploads()).POST(HttpRequest.BodyPublishers.noBody());
        HttpResponse<InputStream> begun = http.send(repository, begin);
        RegistryHttp.close(begun);
        expect(begun, 202);
        InputStream verified = VerifyingInputStream.of(blob, content);
        HttpRequest.BodyPublisher body = blob.size() == 0
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.fromPublisher(
                        HttpRequest.BodyPublishers.ofInputStream(() -> verified), blob.size());
        URI target = target(begun, blob);
        HttpRequest.Builder put = HttpRequest.newBuilder(target)
                .header("Content-Type", "application/octet-stream")
                .PUT(body);
        expect(closed(put), 201);
    }

    @Override
    public void putManifest(Descriptor manifest, byte[] content) {
        manifest.digest().check("manifest to push", content);
        URI uri = repository.manifest(reference.version());
        HttpRequest.Builder put = HttpRequest.newBuilder(uri)
                .header("Content-Type", manifest.mediaType())
                .PUT(HttpRequest.BodyPublishers.ofByteArray(content));
        expect(closed(put), 201);
    }

    private HttpResponse<InputStream> closed(HttpRequest.Builder request) {
        HttpResponse<InputStream> response = http.send(repository, request);
        RegistryHttp.close(response);
        return response;
    }

    /// The upload's place, which may be relative and have a query already.
    private static URI target(HttpResponse<InputStream> begun, Descriptor blob) {
        String location = begun.headers()
                .firstValue("Location")
                .orElseThrow(() -> new RegistryClientException.BadAnswer(begun.uri(), "no Location"));
        String digest = "digest=" + URLEncoder.encode(blob.digest().toString(), StandardCharsets.UTF_8);
        try {
            URI target = begun.uri().resolve(location);
            return URI.create(target + (target.getRawQuery() == null ? "?" : "&") + digest);
        } catch (IllegalArgumentException e) {
            throw new RegistryClientException.BadAnswer(begun.uri(), "Location is no URI");
        }
    }

    private void expect(HttpResponse<InputStream> actual, int expected) {
        if (actual.statusCode() != expected) {
            throw http.refusal(actual);
        }
    }
}
