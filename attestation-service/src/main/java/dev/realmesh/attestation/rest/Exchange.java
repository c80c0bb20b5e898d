// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.rest;

import com.google.common.net.MediaType;
import dev.realmesh.attestation.media.MediaTypes;
import dev.realmesh.cca.Bytes;
import dev.realmesh.mesh.http.BodyReader;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// One request, whose body was read, and its answer, in the words that the handlers need.
final class Exchange {
    private static final Pattern UUID_TEXT = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    private final RoutingContext context;

    Exchange(RoutingContext context) {
        this.context = context;
    }

    /// Checks that the client takes what it will get.
    ///
    /// @param mediaType the one that there is, without parameters
    void requireAcceptable(String mediaType) {
        List<MIMEHeader> accepted = context.parsedHeaders().accept();
        if (!accepted.isEmpty() && accepted.stream().noneMatch(range -> includes(range, mediaType))) {
            throw Problem.notAcceptable(mediaType);
        }
    }

    /// The body; empty if there is none.
    Bytes body() {
        return Bytes.copyOf(BodyReader.of(context).getBytes());
    }

    /// The media type of the body, whatever its case and spaces.
    MediaType contentType() {
        String header = context.request().getHeader("Content-Type");
        if (header == null || header.isBlank()) {
            throw Problem.badRequest("Content-Type: none (expected: a media type)");
        }
        return mediaType(header);
    }

    /// Whether the body is said to be of a media type, whatever its parameters.
    boolean isOfType(String mediaType) {
        String header = context.request().getHeader("Content-Type");
        return header != null && mediaType(header).withoutParameters().equals(MediaType.parse(mediaType));
    }

    /// Reads a media type.
    static MediaType mediaType(String text) {
        if (text.length() > MediaTypes.MAX_CHARACTERS) {
            throw Problem.badRequest("media type: " + text.length() + " characters (expected: at most "
                    + MediaTypes.MAX_CHARACTERS + ")");
        }
        return MediaTypes.parse(text)
                .orElseThrow(
                        () -> Problem.badRequest("media type: " + text + " (expected: TYPE/SUBTYPE; NAME=\"VALUE\")"));
    }

    /// A parameter of the query, decoded; an empty one is none.
    Optional<String> query(String name) {
        try {
            return context.queryParam(name).stream().findFirst().filter(value -> !value.isEmpty());
        } catch (HttpException e) {
            throw Problem.badRequest("query: cannot be decoded (expected: NAME=VALUE)");
        }
    }

    /// A part of the path, by its name in the route.
    String path(String name) {
        return String.valueOf(context.pathParam(name));
    }

    /// The session that the path names.
    UUID sessionId() {
        String id = path("id");
        return uuid(id).orElseThrow(
                        () -> Problem.badRequest("session id: " + id.length() + " characters (expected: a UUID)"));
    }

    /// Reads a UUID; nothing if it is none.
    static Optional<UUID> uuid(String text) {
        return UUID_TEXT.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
    }

    /// Sends the answer, unless one was sent, as that the client has waited too long.
    void send(Answer answer) {
        HttpServerResponse response = context.response();
        if (!response.ended() && !response.closed()) {
            answer.headers().forEach(response::putHeader);
            response.setStatusCode(answer.status());
            if (answer.content().isEmpty()) {
                response.end();
            } else {
                response.end(answer.content());
            }
        }
    }

    private static boolean includes(MIMEHeader range, String mediaType) {
        int slash = mediaType.indexOf('/');
        return range.weight() > 0
                && isOrAny(range.component(), mediaType.substring(0, slash))
                && isOrAny(range.subComponent(), mediaType.substring(slash + 1));
    }

    private static boolean isOrAny(String part, String wanted) {
        return part.equals("*") || part.equalsIgnoreCase(wanted);
    }
}
