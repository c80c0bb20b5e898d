// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import dev.realmesh.oci.BlobSource;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageSink;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.VerifyingInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/// Pushes an image's blobs, each by one request, then its manifest.
final class RegistrySink implements ImageSink {
    private static final int MAX_KEPT_BYTES = 1 << 20;

    private final RegistryHttp http;
    private final RemoteRepository repository;
    private final Reference reference;

    RegistrySink(RegistryHttp http, RemoteRepository repository, Reference reference) {
        this.http = http;
        this.repository = repository;
        this.reference = reference;
    }

    /// A small blob is kept in memory, so that it can be sent again. A large one is read once: what goes wrong with it
    /// is final.
    @Override
    public void putBlob(Descriptor blob, InputStream content) throws IOException {
        if (isThere(blob)) {
            return;
        }
        if (blob.size() > MAX_KEPT_BYTES) {
            expect(send(begin(blob), body(blob, content)), 201);
            return;
        }
        byte[] kept = VerifyingInputStream.of(blob, content).readAllBytes();
        sendUntilTaken(blob, same -> new ByteArrayInputStream(kept));
    }

    /// Sent again where a failure may pass.
    @Override
    public void putBlob(Descriptor blob, BlobSource source) throws IOException {
        if (!isThere(blob)) {
            sendUntilTaken(blob, source);
        }
    }

    @Override
    public void putManifest(Descriptor manifest, byte[] content) {
        manifest.digest().check("manifest to push", content);
        URI uri = repository.manifest(reference.version());
        HttpRequest.Builder put = HttpRequest.newBuilder(uri)
                .header("Content-Type", manifest.mediaType())
                .PUT(HttpRequest.BodyPublishers.ofByteArray(content));
        expect(closed(http.send(repository, put)), 201);
    }

    private boolean isThere(Descriptor blob) {
        HttpRequest.Builder head = HttpRequest.newBuilder(
                        repository.blob(blob.digest().toString()))
                .HEAD();
        return closed(http.send(repository, head)).statusCode() == 200;
    }

    private void sendUntilTaken(Descriptor blob, BlobSource source) throws IOException {
        boolean challenged = false;
        for (int failed = 1; ; failed++) {
            URI target = begin(blob);
            try (UploadBody content = body(blob, source.open(blob))) {
                HttpResponse<InputStream> answer = send(target, content);
                if (answer.statusCode() != 401 || challenged || !RegistryHttp.sameHost(repository.base(), target)) {
                    expect(answer, 201);
                    return;
                }
                challenged = true;
                http.answerChallenge(repository, answer);
            } catch (RegistryClientException.Unavailable e) {
                if (!http.backoff().pause(failed, e)) {
                    throw e;
                }
            }
        }
    }

    /// Where the content is to be sent.
    private URI begin(Descriptor blob) {
        HttpRequest.Builder begin =
                HttpRequest.newBuilder(repository.uploads()).POST(HttpRequest.BodyPublishers.noBody());
        HttpResponse<InputStream> begun = closed(http.send(repository, begin));
        expect(begun, 202);
        return target(begun, blob);
    }

    private HttpResponse<InputStream> send(URI target, UploadBody content) throws IOException {
        HttpRequest.Builder put = HttpRequest.newBuilder(target).header("Content-Type", "application/octet-stream");
        return closed(http.upload(repository, put, content));
    }

    private static UploadBody body(Descriptor blob, InputStream content) {
        return new UploadBody(VerifyingInputStream.of(blob, content), blob.size());
    }

    /// The upload's place, which may be relative and have a query already.
    private static URI target(HttpResponse<InputStream> begun, Descriptor blob) {
        String location = begun.headers()
                .firstValue("Location")
                .orElseThrow(() -> new RegistryClientException.BadAnswer(begun.uri(), "no Location"));
        URI target = RegistryHttp.resolve(begun.uri(), location, "upload");
        String digest = "digest=" + URLEncoder.encode(blob.digest().toString(), StandardCharsets.UTF_8);
        return URI.create(target + (target.getRawQuery() == null ? "?" : "&") + digest);
    }

    private static HttpResponse<InputStream> closed(HttpResponse<InputStream> response) {
        RegistryHttp.close(response);
        return response;
    }

    private void expect(HttpResponse<InputStream> actual, int expected) {
        if (actual.statusCode() != expected) {
            throw http.refusal(repository, actual);
        }
    }
}
