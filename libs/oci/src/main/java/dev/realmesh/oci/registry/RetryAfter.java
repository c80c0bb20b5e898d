// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/// When a registry wants to be asked again: `Retry-After` of RFC 9110 section 10.2.3, seconds or a date.
final class RetryAfter {
    private RetryAfter() {}

    /// Zero if the answer does not say, or not readably.
    static Duration of(HttpResponse<?> response, Instant now) {
        String text = response.headers().firstValue("Retry-After").orElse("").strip();
        if (text.matches("[0-9]{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(text));
        }
        try {
            Instant date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO;
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }
}
