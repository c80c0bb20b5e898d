// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.vault;

import dev.realmesh.kbs.BoundedJson;
import dev.realmesh.kbs.KbsException;
import dev.realmesh.keybroker.resource.ResourceException;
import dev.realmesh.mesh.health.HealthCheck;
import io.github.jopenlibs.vault.VaultException;
import io.github.jopenlibs.vault.api.Logical;
import io.github.jopenlibs.vault.response.LogicalResponse;
import io.github.jopenlibs.vault.rest.RestResponse;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// A Vault, and a token for it that is renewed in time. Paths are those of Vault's HTTP API below `/v1/`. Blocks; call
/// it
/// from virtual threads.
public final class VaultConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VaultConnection.class);
    private static final int MAX_ANSWER = 16 << 20;
    private static final long LOOK_SECONDS = 5;

    private final VaultLogin login;
    private final InstantSource clock;
    private final ScheduledExecutorService renewing = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("vault-token").factory());
    private volatile VaultSession session;

    private VaultConnection(VaultLogin login, VaultSession session, InstantSource clock) {
        this.login = login;
        this.session = session;
        this.clock = clock;
        var unused = renewing.scheduleWithFixedDelay(this::renewIfDue, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    /// Logs in.
    ///
    /// @throws ResourceException.VaultAway if Vault does not answer, or lets nobody in
    /// @throws IllegalArgumentException if the CAs cannot be read
    /// @throws dev.realmesh.mesh.state.StateException if others may read the token's file, or it is not there
    public static VaultConnection open(VaultConfig config, InstantSource clock) {
        VaultLogin login = new VaultLogin(config);
        try {
            return new VaultConnection(login, login.logIn(clock.instant()), clock);
        } catch (VaultException e) {
            throw away("login", e);
        }
    }

    /// What Vault said.
    ///
    /// @param status 2xx or 4xx
    /// @param body an object; empty where there was none
    record Answer(int status, ObjectNode body) {
        boolean done() {
            return status < 300;
        }

        boolean notThere() {
            return status == 404;
        }

        /// Member `data` of an answer that was 2xx.
        ///
        /// @throws ResourceException.VaultAway if it has none
        ObjectNode data() {
            if (done() && body.get("data") instanceof ObjectNode data) {
                return data;
            }
            throw new ResourceException.VaultAway("answers " + status);
        }
    }

    Answer read(String path) {
        return answer(logical -> logical.read(path));
    }

    Answer write(String path, Map<String, Object> body) {
        return answer(logical -> logical.write(path, body));
    }

    Answer list(String path) {
        return answer(logical -> logical.list(path));
    }

    Answer delete(String path) {
        return answer(logical -> logical.delete(path));
    }

    /// Whether Vault answers to the token.
    public HealthCheck healthCheck() {
        return HealthCheck.of("vault", () -> {
            try {
                var unused = session.vault().auth().lookupSelf();
                return Optional.empty();
            } catch (VaultException e) {
                return Optional.of(problem(e.getHttpStatusCode()));
            }
        });
    }

    /// Renews the token if most of its time is over; if that fails, it is tried again a little later.
    void renewIfDue() {
        VaultSession current = session;
        if (!current.isDue(clock.instant())) {
            return;
        }
        try {
            session = login.renewed(current, clock.instant());
        } catch (VaultException | RuntimeException e) {
            LOG.warn("Vault's token: not renewed, tried again in {} s", LOOK_SECONDS, e);
        }
    }

    @Override
    public void close() {
        renewing.shutdownNow();
    }

    @FunctionalInterface
    private interface Call {
        LogicalResponse on(Logical logical) throws VaultException;
    }

    /// A refusal may mean that the token has ended before its time: another one is got, and asked with once.
    private Answer answer(Call call) {
        VaultSession used = session;
        Answer answer = attempt(used, call);
        if (answer.status() == 403) {
            answer = attempt(loggedInAfter(used), call);
        }
        if (answer.status() == 403) {
            throw new ResourceException.VaultAway(problem(403));
        }
        return answer;
    }

    private synchronized VaultSession loggedInAfter(VaultSession refused) {
        if (session.equals(refused)) {
            try {
                session = login.logIn(clock.instant());
            } catch (VaultException e) {
                throw away("login", e);
            }
        }
        return session;
    }

    private static Answer attempt(VaultSession session, Call call) {
        try {
            RestResponse response = call.on(session.vault().logical()).getRestResponse();
            return new Answer(response.getStatus(), body(response));
        } catch (VaultException e) {
            if (e.getHttpStatusCode() >= 400 && e.getHttpStatusCode() < 412) {
                return new Answer(e.getHttpStatusCode(), BoundedJson.newObject());
            }
            throw away("call", e);
        }
    }

    private static ObjectNode body(RestResponse response) {
        byte[] body = response.getBody();
        if (body == null || body.length == 0) {
            return BoundedJson.newObject();
        }
        try {
            return BoundedJson.object("Vault's answer", body, MAX_ANSWER);
        } catch (KbsException.Malformed e) {
            throw new ResourceException.VaultAway("answers what is no JSON of Vault's");
        }
    }

    private static ResourceException away(String step, VaultException e) {
        LOG.warn(
                "Vault, {}: {}", step, e.getHttpStatusCode() == 0 ? e.getMessage() : "status " + e.getHttpStatusCode());
        return new ResourceException.VaultAway(problem(e.getHttpStatusCode()));
    }

    private static String problem(int status) {
        return switch (status) {
            case 0 -> "does not answer";
            case 400, 403 -> "refuses the broker's token";
            case 503 -> "is sealed, or not ready";
            default -> "answers " + status;
        };
    }
}
