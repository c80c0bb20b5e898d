// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.veraison;

import dev.realmesh.attestation.appraisal.AppraisalRequest;
import dev.realmesh.remote.RemoteException;
import dev.realmesh.remote.RemoteService;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// A deployment's discovery document: where sessions begin. What it said is kept as long as its `Cache-Control` allows
/// (RFC 9111, `max-age`), an hour at most, a minute if it says nothing. It never says which key is trusted.
final class Discovery {
    private static final String MEDIA_TYPE = "application/vnd.veraison.discovery+json";
    private static final String WELL_KNOWN = "/.well-known/veraison/verification";
    private static final Pattern MAX_AGE = Pattern.compile("(?:^|[,\\s])max-age=\"?(\\d{1,9})");
    private static final Duration DEFAULT_AGE = Duration.ofMinutes(1);
    private static final Duration LONGEST_AGE = Duration.ofHours(1);

    private final RemoteService http;
    private final URI document;
    private final InstantSource clock;
    private final AtomicReference<Optional<Known>> known = new AtomicReference<>(Optional.empty());

    private record Known(String newSession, Instant until) {}

    Discovery(RemoteService http, URI base, InstantSource clock) {
        this.http = http;
        this.document = base.resolve(WELL_KNOWN);
        this.clock = clock;
    }

    /// Where the document is.
    URI document() {
        return document;
    }

    /// The reference to where sessions begin, as the document has it: nobody has checked yet where it leads.
    ///
    /// @throws RemoteException if there is no document, or the deployment does not verify CCA evidence
    String newSession() {
        return known.get()
                .filter(each -> clock.instant().isBefore(each.until()))
                .map(Known::newSession)
                .orElseGet(this::ask);
    }

    /// As [#newSession()], but asked now.
    String ask() {
        RemoteService.Answer answer = http.send(
                HttpRequest.newBuilder(document).header("Accept", MEDIA_TYPE).GET(), Set.of(200));
        JsonNode body = answer.body();
        if (body.path("media-types")
                .valueStream()
                .noneMatch(type -> type.asString("").equals(AppraisalRequest.MEDIA_TYPE))) {
            throw new RemoteException.Refused(document, 200, "does not verify " + AppraisalRequest.MEDIA_TYPE);
        }
        String newSession =
                body.path("api-endpoints").path("newChallengeResponseSession").asString("");
        known.set(Optional.of(new Known(newSession, clock.instant().plus(age(answer.cacheControl())))));
        return newSession;
    }

    /// Asks anew the next time: what is known did not lead to a result.
    void forget() {
        known.set(Optional.empty());
    }

    private static Duration age(Optional<String> cacheControl) {
        String said = cacheControl.orElse("").toLowerCase(Locale.ROOT);
        if (said.contains("no-store") || said.contains("no-cache")) {
            return Duration.ZERO;
        }
        Matcher matcher = MAX_AGE.matcher(said);
        if (!matcher.find()) {
            return DEFAULT_AGE;
        }
        Duration age = Duration.ofSeconds(Long.parseLong(matcher.group(1)));
        return age.compareTo(LONGEST_AGE) > 0 ? LONGEST_AGE : age;
    }
}
