// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.rest;

import dev.realmesh.kbs.KbsException;
import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.realm.attest.BrokerException;
import dev.realmesh.realm.rsi.RsiException;
import dev.realmesh.realm.secret.SecretClient;
import dev.realmesh.realm.secret.SecretException;

/// `/cdh`: secrets of the key broker, by the Realm's own session, so by what the broker's policy lets this Realm have.
final class ResourceRoutes {
    private static final String RESOURCE = "/resource/";

    private final SecretClient secrets;

    ResourceRoutes(SecretClient secrets) {
        this.secrets = secrets;
    }

    /// Answers what follows `/cdh`. Upstream answers every method on a resource; here it is GET alone.
    Answer answer(String path, Question question) {
        if (!path.startsWith(RESOURCE)) {
            return Answer.notFound();
        }
        if (!question.isGet()) {
            return Answer.notAllowed();
        }
        try {
            return Answer.bytes(secrets.get(ResourcePath.parse(path.substring(RESOURCE.length()))));
        } catch (KbsException | BrokerException | SecretException | RsiException e) {
            return Answer.failed(String.valueOf(e.getMessage()));
        }
    }
}
