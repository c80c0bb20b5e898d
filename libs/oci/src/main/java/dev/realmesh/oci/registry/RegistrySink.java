// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import dev.realmesh.oci.BlobSource;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageSink;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.Referrer;
import dev.realmesh.oci.VerifyingInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;

/// Pushes an image's blobs, then its manifest. A blob that is there already goes by one request, one that is being
/// written by as many as it takes.
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
            http.expect(repository, send(begin(), blob, body(blob, content)), 201);
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

    /// Sent while it is written; nothing of it is on disk, and at most its beginning in memory.
    @Override
    public Descriptor putBlob(BlobWriter content) throws IOException {
        PushedBlob pushed = new PushedBlob(http, repository);
        try {
            Descriptor blob = content.writeTo(pushed);
            Optional<byte[]> whole = pushed.whole();
            if (whole.isPresent()) {
                putBlob(blob, same -> new ByteArrayInputStream(whole.get()));
            } else {
                pushed.end(blob);
            }
            return blob;
        } catch (IOException | RuntimeException e) {
            pushed.giveUp(e);
            throw e;
        }
    }

    @Override
    public void putManifest(Descriptor manifest, byte[] content) {
        manifest.digest().check("manifest to push", content);
        if (reference.version() instanceof Reference.ByDigest other
                && !other.digest().equals(manifest.digest())) {
            throw new OciException.BadReference(
                    "push: " + reference + " (expected: a tag, or the digest " + manifest.digest() + ")");
        }
        URI uri = repository.manifest(reference.version());
        HttpRequest.Builder put = HttpRequest.newBuilder(uri)
                .header("Content-Type", manifest.mediaType())
                .PUT(HttpRequest.BodyPublishers.ofByteArray(content));
        HttpResponse<InputStream> taken = UploadPlace.closed(http.send(repository, put));
        http.expect(repository, taken, 201);
        if (taken.headers().firstValue("OCI-Subject").isEmpty()) {
            Referrer.parse(content).ifPresent(about -> new RemoteReferrers(http, repository).add(manifest, about));
        }
    }

    private boolean isThere(Descriptor blob) {
        HttpRequest.Builder head = HttpRequest.newBuilder(
                        repository.blob(blob.digest().toString()))
                .HEAD();
        return UploadPlace.closed(http.send(repository, head)).statusCode() == 200;
    }

    private void sendUntilTaken(Descriptor blob, BlobSource source) throws IOException {
        boolean challenged = false;
        for (int failed = 1; ; failed++) {
            UploadPlace place = begin();
            try (UploadBody content = body(blob, source.open(blob))) {
                HttpResponse<InputStream> answer = send(place, blob, content);
                if (answer.statusCode() != 401 || challenged || !place.isAtRegistry()) {
                    http.expect(repository, answer, 201);
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

    private UploadPlace begin() {
        return UploadPlace.begin(http, repository);
    }

    private HttpResponse<InputStream> send(UploadPlace place, Descriptor blob, UploadBody content) throws IOException {
        HttpRequest.Builder put =
                HttpRequest.newBuilder(place.toEnd(blob)).header("Content-Type", "application/octet-stream");
        return UploadPlace.closed(http.upload(repository, put, content));
    }

    private static UploadBody body(Descriptor blob, InputStream content) {
        return new UploadBody(VerifyingInputStream.of(blob, content), blob.size());
    }
}
