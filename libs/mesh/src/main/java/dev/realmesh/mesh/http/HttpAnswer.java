// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.http;

import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;

/// An answer before it is sent.
///
/// @param status of HTTP
/// @param headers by name
/// @param content the body; may be empty
public record HttpAnswer(int status, Map<String, String> headers, Buffer content) {
    public HttpAnswer {
        headers = Map.copyOf(headers);
        content = content.copy();
    }

    /// A body of a media type.
    public static HttpAnswer of(int status, String mediaType, byte[] content) {
        return new HttpAnswer(status, Map.of("Content-Type", mediaType), Buffer.buffer(content));
    }

    /// Without a body.
    public static HttpAnswer empty(int status) {
        return new HttpAnswer(status, Map.of(), Buffer.buffer());
    }

    /// This, with one header more.
    public HttpAnswer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new HttpAnswer(status, more, content);
    }

    @Override
    public Buffer content() {
        return content.copy();
    }
}
