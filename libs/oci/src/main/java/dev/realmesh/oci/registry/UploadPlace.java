// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import dev.realmesh.oci.Descriptor;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/// Where a registry takes a blob: the `Location` of the upload that it has begun, which each of its answers may move.
///
/// @param uri absolute; may have a query already
record UploadPlace(RegistryHttp http, RemoteRepository repository, URI uri) {
    /// Begins an upload. A registry that wants a login says so here, before there is content to lose.
    static UploadPlace begin(RegistryHttp http, RemoteRepository repository) {
        HttpRequest.Builder post =
                HttpRequest.newBuilder(repository.uploads()).POST(HttpRequest.BodyPublishers.noBody());
        HttpResponse<InputStream> begun = closed(http.send(repository, post));
        http.expect(repository, begun, 202);
        return new UploadPlace(http, repository, location(begun));
    }

    /// Where it goes on after a part was taken.
    ///
    /// @throws RegistryClientException if it was not
    UploadPlace after(HttpResponse<InputStream> taken) {
        closed(taken);
        // Some registries answer 201 or 204 where the specification has 202.
        if (taken.statusCode() / 100 != 2) {
            throw http.refusal(repository, taken);
        }
        return new UploadPlace(http, repository, location(taken));
    }

    /// Whether it is at the registry's own host, whose logins it then sees.
    boolean isAtRegistry() {
        return RegistryHttp.sameHost(repository.base(), uri);
    }

    /// Where a `PUT` ends it.
    URI toEnd(Descriptor blob) {
        String digest = "digest=" + URLEncoder.encode(blob.digest().toString(), StandardCharsets.UTF_8);
        return URI.create(uri + (uri.getRawQuery() == null ? "?" : "&") + digest);
    }

    /// Ends an upload whose content is there.
    ///
    /// @throws RegistryClientException if the registry does not take it
    void end(Descriptor blob) {
        HttpRequest.Builder put = HttpRequest.newBuilder(toEnd(blob)).PUT(HttpRequest.BodyPublishers.noBody());
        http.expect(repository, closed(http.send(repository, put)), 201);
    }

    /// Lets the registry forget it; one that does not will by itself, some time.
    ///
    /// @param reason why; keeps what goes wrong now
    void giveUp(Throwable reason) {
        try {
            closed(http.send(repository, HttpRequest.newBuilder(uri).DELETE()));
        } catch (RegistryClientException e) {
            reason.addSuppressed(e);
        }
    }

    static HttpResponse<InputStream> closed(HttpResponse<InputStream> response) {
        RegistryHttp.close(response);
        return response;
    }

    private static URI location(HttpResponse<InputStream> answer) {
        String location = answer.headers()
                .firstValue("Location")
                .orElseThrow(() -> new RegistryClientException.BadAnswer(answer.uri(), "no Location"));
        return RegistryHttp.resolve(answer.uri(), location, "upload");
    }
}
