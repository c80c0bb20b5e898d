// SPDX-License-Identifier: Apache-2.0

/// Secrets of an attested session. [dev.realmesh.realm.secret.SecretClient] opens an answer only after the broker that
/// initdata names has vouched for it: the host, which carries the answer, can refuse it but not replace it.
@NullMarked
package dev.realmesh.realm.secret;

import org.jspecify.annotations.NullMarked;
