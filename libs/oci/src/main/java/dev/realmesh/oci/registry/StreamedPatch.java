// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.CompletableFuture;

/// One `PATCH` with all of the content, by chunked transfer coding, as docker pushes ("Stream upload" of the
/// distribution project's API). What has gone wrong is final: nothing of it is kept.
final class StreamedPatch implements UploadWay {
    private final RegistryHttp http;
    private final UploadPlace place;
    private final StreamedBody body;
    private final CompletableFuture<HttpResponse<InputStream>> answer;

    private StreamedPatch(RegistryHttp http, UploadPlace place) {
        this.http = http;
        this.place = place;
        this.body = new StreamedBody(http.answerTimeout());
        HttpRequest.Builder patch = HttpRequest.newBuilder(place.uri())
                .header("Content-Type", "application/octet-stream")
                .method("PATCH", body.publisher());
        this.answer = http.begin(place.repository(), patch);
        var unused = answer.whenComplete((response, failure) -> body.stop());
    }

    /// Begins it; where the registry's certificate or address is wrong, the first writes say so.
    static StreamedPatch begin(RegistryHttp http, UploadPlace place) {
        return new StreamedPatch(http, place);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        try {
            body.write(bytes, offset, length);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public UploadPlace end() {
        try {
            body.close();
        } catch (IOException e) {
            throw failure(e);
        }
        return place.after(http.await(answer, place.uri()));
    }

    @Override
    public UploadPlace stop() {
        body.stop();
        answer.cancel(true);
        return place;
    }

    /// Why nothing more is taken: what the registry has answered in the middle of it, if it has.
    private RegistryClientException failure(IOException cause) {
        if (cause instanceof HttpTimeoutException || Thread.currentThread().isInterrupted()) {
            answer.cancel(true);
            return new RegistryClientException.Unavailable(place.uri(), cause);
        }
        try {
            place.after(http.await(answer, place.uri()));
            return new RegistryClientException.BadAnswer(place.uri(), "takes a blob before its end");
        } catch (RegistryClientException e) {
            return e;
        }
    }
}
