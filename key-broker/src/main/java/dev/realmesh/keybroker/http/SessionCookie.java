// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.http;

import dev.realmesh.keybroker.rcar.SessionId;
import dev.realmesh.mesh.http.HttpAnswer;
import dev.realmesh.mesh.http.HttpRequest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/// The session of a guest, in its cookie `kbs-session-id`.
final class SessionCookie {
    private static final String NAME = "kbs-session-id";
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private SessionCookie() {}

    /// The session that a guest names.
    ///
    /// @throws dev.realmesh.keybroker.rcar.RcarException.NoSession if that is no name of one
    static Optional<SessionId> in(HttpRequest request) {
        return request.cookie(NAME).map(SessionId::new);
    }

    /// The answer with the cookie of a session.
    static HttpAnswer set(HttpAnswer answer, SessionId id, Instant expiresAt) {
        return answer.with(
                "Set-Cookie",
                NAME + "=" + id.text() + "; Expires=" + HTTP_DATE.format(expiresAt) + "; Path=/kbs/v0; HttpOnly");
    }
}
